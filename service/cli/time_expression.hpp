// The times that --since, --until and --at take.
#pragma once

#include "service/format/time_text.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace maptrail {

struct TimeError {
    std::string text; ///< names what was wrong and what is accepted
};

/// Nanoseconds since 1970, UTC. Takes
///  - a date, or a date and a time after a blank or a T: 2026-01-31, 2026-01-31 14:30, 2026-01-31T14:30:15.5; by local
///    time, or with Z, +01:00 or -0500 behind it;
///  - a time ago: -90s, -30m, -2h, -7d, -1w, also without the sign. A day is 24 hours;
///  - now, today, yesterday: the last two are local midnights.
[[nodiscard]] std::variant<std::int64_t, TimeError> parse_time(std::string_view text, std::int64_t now,
                                                               const ZoneOffset& zone);

} // namespace maptrail
