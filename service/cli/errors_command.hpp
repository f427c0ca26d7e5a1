// maptrail errors
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"
#include "service/cli/history_options.hpp"

#include <optional>
#include <string>

namespace maptrail {

struct ErrorsOptions {
    HistoryOptions scope;
    std::optional<std::string> most;
    std::string examples = "1";
    std::string format = "table";
};

void add_errors_options(CLI::App& command, ErrorsOptions& options);

/// Throws UsageError, CannotDo and Unreachable.
[[nodiscard]] ExitCode run_errors(const ErrorsOptions& options, Environment& environment);

} // namespace maptrail
