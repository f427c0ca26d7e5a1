// maptrail rules test
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"
#include "service/cli/test_event.hpp"

#include <optional>
#include <string>

namespace maptrail {

struct RulesTestOptions {
    std::optional<std::string> config;
    std::optional<std::string> phase;
    EventOptions event;
    std::string format = "text";
};

void add_rules_test_options(CLI::App& command, RulesTestOptions& options);

/// Throws UsageError and CannotDo.
[[nodiscard]] ExitCode run_rules_test(const RulesTestOptions& options, Environment& environment);

} // namespace maptrail
