// maptrail verify
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace maptrail {

struct VerifyOptions {
    std::optional<std::string> head;
    std::optional<std::string> database;
    std::string format = "text";
};

void add_verify_options(CLI::App& command, VerifyOptions& options);

/// Throws UsageError, CannotDo and Unreachable.
[[nodiscard]] ExitCode run_verify(const VerifyOptions& options, Environment& environment);

} // namespace maptrail
