// maptrail history
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"
#include "service/cli/history_options.hpp"

#include <cstddef>

namespace maptrail {

/// So many of the newest are shown as a table on a terminal where no number is asked for.
inline constexpr std::size_t terminal_rows = 50;

/// Throws UsageError, Unreachable, CannotDo.
[[nodiscard]] ExitCode run_history(const HistoryOptions& options, Environment& environment);

} // namespace maptrail
