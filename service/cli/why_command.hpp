// maptrail why
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace maptrail {

struct WhyOptions {
    std::string name;
    std::vector<std::string> users;
    std::optional<std::string> at;
    std::optional<std::string> database;
    std::string format = "text";
};

void add_why_options(CLI::App& command, WhyOptions& options);

/// Throws UsageError, CannotDo and Unreachable.
[[nodiscard]] ExitCode run_why(const WhyOptions& options, Environment& environment);

} // namespace maptrail
