// `maptrail service run`.
#pragma once

#include <filesystem>
#include <optional>

namespace maptrail {

struct RunOptions {
    bool console = false; ///< in the foreground, until Ctrl+C; else under the service control manager
    std::optional<std::filesystem::path> data_folder; ///< where config.json lies; default_data_folder() if not given
};

/// Is the service until it is stopped. Returns the process's exit code; what went wrong at the start is in the log and,
/// in the foreground, on standard error.
int run_service(const RunOptions& options);

} // namespace maptrail
