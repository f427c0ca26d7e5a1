// maptrail state
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"
#include "service/cli/history_options.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace maptrail {

struct StateOptions {
    std::optional<std::string> at;
    HistoryOptions scope; ///< since, users, drives, format, database
};

void add_state_options(CLI::App& command, StateOptions& options);

/// Throws UsageError, CannotDo and Unreachable.
[[nodiscard]] ExitCode run_state(const StateOptions& options, Environment& environment);

} // namespace maptrail
