// Moments as text. Everything inside is nanoseconds since 1970, UTC.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace maptrail {

/// How far local time is ahead of UTC at a moment, both in seconds. Injected, so that a test chooses its zone.
using ZoneOffset = std::function<std::int64_t(std::int64_t utc_seconds)>;

/// "2026-01-31T23:59:58.1234567Z": 100 ns digits, as Windows keeps time; nine digits where there are nanoseconds.
/// Total: every moment has a text that from_iso_utc reads back.
[[nodiscard]] std::string iso_utc(std::int64_t nanoseconds);

/// Reads what iso_utc writes, and any number of fraction digits up to nine. Nothing for a time that 64 bits of
/// nanoseconds do not hold: they reach from 1677 to 2262.
[[nodiscard]] std::optional<std::int64_t> from_iso_utc(std::string_view text);

/// "2026-01-31 23:59:58" by local time.
[[nodiscard]] std::string local_time(std::int64_t nanoseconds, const ZoneOffset& zone);

/// The same in at most 16 columns: without the year if it is the year of `now`, else without the seconds.
[[nodiscard]] std::string short_local_time(std::int64_t nanoseconds, std::int64_t now, const ZoneOffset& zone);

/// "850 us", "12.3 ms", "4.56 s", "1 h 02 min"; empty for a negative one.
[[nodiscard]] std::string duration_text(std::int64_t nanoseconds);

} // namespace maptrail
