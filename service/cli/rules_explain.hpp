// maptrail rules explain
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace maptrail {

struct RulesExplainOptions {
    std::string id;
    std::optional<std::string> config;
    std::optional<std::string> database;
    std::string format = "text";
};

void add_rules_explain_options(CLI::App& command, RulesExplainOptions& options);

/// Throws UsageError, CannotDo and Unreachable.
[[nodiscard]] ExitCode run_rules_explain(const RulesExplainOptions& options, Environment& environment);

} // namespace maptrail
