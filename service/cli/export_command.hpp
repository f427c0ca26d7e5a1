// maptrail export
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"
#include "service/cli/history_options.hpp"

#include <string>

namespace maptrail {

struct ExportOptions {
    std::string file;
    HistoryOptions scope;
};

void add_export_options(CLI::App& command, ExportOptions& options);

/// Throws UsageError, CannotDo and Unreachable.
[[nodiscard]] ExitCode run_export(const ExportOptions& options, Environment& environment);

} // namespace maptrail
