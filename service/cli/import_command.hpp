// maptrail import
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace maptrail {

struct ImportOptions {
    std::vector<std::string> files;
    std::string database;
};

void add_import_options(CLI::App& command, ImportOptions& options);

/// Throws CannotDo and Failed.
[[nodiscard]] ExitCode run_import(const ImportOptions& options, Environment& environment);

} // namespace maptrail
