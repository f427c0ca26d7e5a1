// maptrail stats
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"
#include "service/cli/history_options.hpp"

#include <optional>
#include <string>

namespace maptrail {

struct StatsOptions {
    HistoryOptions scope;
    std::string by = "user";
    bool failed = false;
    std::optional<std::string> most;
    std::string format = "table";
};

void add_stats_options(CLI::App& command, StatsOptions& options);

/// Throws UsageError, CannotDo and Unreachable.
[[nodiscard]] ExitCode run_stats(const StatsOptions& options, Environment& environment);

} // namespace maptrail
