// maptrail backup
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace maptrail {

struct BackupOptions {
    std::string file;
    std::optional<std::string> database;
    bool force = false;
};

void add_backup_options(CLI::App& command, BackupOptions& options);

/// Throws CannotDo.
[[nodiscard]] ExitCode run_backup(const BackupOptions& options, Environment& environment);

} // namespace maptrail
