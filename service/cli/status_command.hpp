// maptrail status
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"

#include <string>

namespace maptrail {

struct StatusOptions {
    std::string format = "text";
};

/// Throws UsageError, CannotDo.
[[nodiscard]] ExitCode run_status(const StatusOptions& options, Environment& environment);

} // namespace maptrail
