// maptrail history --follow
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"
#include "service/cli/history_options.hpp"
#include "service/format/writer.hpp"
#include "service/query/query.hpp"

#include <cstdint>

namespace maptrail {

/// So many of the newest are shown first where nothing else is asked for.
inline constexpr std::uint64_t rows_before_following = 10;

/// `query` is by_ending. Goes on until Ctrl+C, or until nobody reads the output; a service that goes away is waited
/// for. Throws UsageError, Unreachable, CannotDo, CursorError.
[[nodiscard]] ExitCode follow_history(const HistoryOptions& options, Query query, HistorySource& source,
                                      OperationWriter& writer, Environment& environment);

} // namespace maptrail
