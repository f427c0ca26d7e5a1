// maptrail rules list
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace maptrail {

struct RulesListOptions {
    std::optional<std::string> config;
    std::string format = "table";
};

void add_rules_list_options(CLI::App& command, RulesListOptions& options);

/// Throws UsageError and CannotDo.
[[nodiscard]] ExitCode run_rules_list(const RulesListOptions& options, Environment& environment);

} // namespace maptrail
