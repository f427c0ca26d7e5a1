// maptrail config check, show, schema, reload
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"

#include <optional>
#include <string>

namespace maptrail {

struct ConfigOptions {
    std::optional<std::string> file; ///< UTF-8; without it, the one that the service reads
    std::string format = "text";
};

/// Whether the service would take the file. A mistake goes to standard error as file:line:column: path: problem.
[[nodiscard]] ExitCode run_config_check(const ConfigOptions& options, Environment& environment);

/// The configuration with every default, and the rules as they were understood. Throws UsageError.
[[nodiscard]] ExitCode run_config_show(const ConfigOptions& options, Environment& environment);

/// The JSON Schema of config.json.
[[nodiscard]] ExitCode run_config_schema(Environment& environment);

/// Has the service take the file now. What is wrong with it goes to standard error. Throws Unreachable.
[[nodiscard]] ExitCode run_config_reload(Environment& environment);

} // namespace maptrail
