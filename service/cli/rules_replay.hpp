// maptrail rules replay
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace maptrail {

struct RulesReplayOptions {
    std::optional<std::string> since;
    std::optional<std::string> until;
    std::optional<std::string> config;
    std::optional<std::string> database;
    std::string examples = "3";
    std::string format = "table";
};

void add_rules_replay_options(CLI::App& command, RulesReplayOptions& options);

/// Throws UsageError, CannotDo and Unreachable.
[[nodiscard]] ExitCode run_rules_replay(const RulesReplayOptions& options, Environment& environment);

} // namespace maptrail
