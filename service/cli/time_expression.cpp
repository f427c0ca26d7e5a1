#include "service/cli/time_expression.hpp"

#include <algorithm>
#include <chrono>
#include <date/date.h>
#include <initializer_list>
#include <limits>
#include <optional>
#include <sstream>

namespace maptrail {
namespace {

using Nanoseconds = std::chrono::nanoseconds;
using LocalTime = date::local_time<Nanoseconds>;

constexpr std::int64_t second = 1'000'000'000;

TimeError not_understood(std::string_view text) {
    return {
        "\"" + std::string(text) +
        "\" is no time. Accepted are 2026-01-31, \"2026-01-31 14:30\", 2026-01-31T14:30:15 (local time, or with Z or "
        "+01:00 behind it), -90s, -30m, -2h, -7d, -1w, now, today and yesterday."};
}

std::int64_t floor_seconds(std::int64_t nanoseconds) {
    return nanoseconds >= 0 ? nanoseconds / second : -((-nanoseconds + second - 1) / second);
}

/// The moment at which clocks in the zone show `local` seconds. The offset depends on the moment that is sought, so it
/// is asked twice; in the hour that a change of clocks skips or repeats, either answer will do.
std::int64_t utc_of_local(std::int64_t local, const ZoneOffset& zone) {
    const std::int64_t guess = local - zone(local);
    return local - zone(guess);
}

std::int64_t local_midnight(std::int64_t now, std::int64_t days_back, const ZoneOffset& zone) {
    constexpr std::int64_t day = 24LL * 60 * 60;
    const std::int64_t seconds = floor_seconds(now);
    const std::int64_t local = seconds + zone(seconds);
    const std::int64_t since_midnight = ((local % day) + day) % day;
    return utc_of_local(local - since_midnight - days_back * day, zone) * second;
}

std::optional<std::int64_t> time_ago(std::string_view text, std::int64_t now) {
    text.remove_prefix(text.starts_with('-') ? 1 : 0);
    if (text.size() < 2) {
        return std::nullopt;
    }
    constexpr std::string_view units = "smhdw";
    constexpr std::int64_t lengths[] = {1, 60, 3600, 86400, 604800};
    const std::size_t unit = units.find(text.back());
    if (unit == std::string_view::npos) {
        return std::nullopt;
    }
    std::int64_t count = 0;
    for (const char c : text.substr(0, text.size() - 1)) {
        // A hundred years are enough, and their nanoseconds fit.
        if (c < '0' || c > '9' || count > 3'200'000'000) {
            return std::nullopt;
        }
        count = count * 10 + (c - '0');
    }
    if (count > 3'200'000'000 / lengths[unit]) {
        return std::nullopt;
    }
    return now - count * lengths[unit] * second;
}

struct Reading {
    LocalTime time;
    std::optional<std::chrono::minutes> offset;
};

/// Reads all of `text` by one of date's formats.
std::optional<Reading> read(const std::string& text, const char* format, bool with_offset) {
    std::istringstream in(text);
    in.imbue(std::locale::classic());
    Reading reading;
    std::chrono::minutes offset{0};
    std::string abbreviation;
    date::from_stream(in, format, reading.time, &abbreviation, with_offset ? &offset : nullptr);
    if (in.fail() || in.peek() != std::istringstream::traits_type::eof()) {
        return std::nullopt;
    }
    if (with_offset) {
        reading.offset = offset;
    }
    return reading;
}

std::optional<Reading> read_iso(std::string text) {
    const bool has_time = text.size() > 10;
    if (has_time) {
        if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') {
            return std::nullopt;
        }
        text[10] = 'T';
    }
    if (has_time && (text.back() == 'Z' || text.back() == 'z')) {
        text.back() = '+';
        text += "00:00";
    }
    const std::initializer_list<const char*> with_zone = {"%FT%H:%M%Ez", "%FT%T%Ez", "%FT%H:%M%z", "%FT%T%z"};
    const std::initializer_list<const char*> without = {"%FT%H:%M", "%FT%T"};
    if (!has_time) {
        return read(text, "%F", false);
    }
    const bool zoned = text.find_first_of("+-", 11) != std::string::npos;
    for (const char* const format : zoned ? with_zone : without) {
        if (auto reading = read(text, format, zoned)) {
            return reading;
        }
    }
    return std::nullopt;
}

/// date reads a year of any length and a day of one digit; here a date has ten characters.
bool looks_like_a_date(std::string_view text) {
    constexpr std::string_view shape = "dddd-dd-dd";
    if (text.size() < shape.size()) {
        return false;
    }
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == 'd' ? !digit : text[i] != shape[i]) {
            return false;
        }
    }
    // 64 bits of nanoseconds reach from 1677 to 2262.
    return text.substr(0, 4) >= "1678" && text.substr(0, 4) <= "2261";
}

} // namespace

std::variant<std::int64_t, TimeError> parse_time(std::string_view text, std::int64_t now, const ZoneOffset& zone) {
    if (text == "now") {
        return now;
    }
    if (text == "today") {
        return local_midnight(now, 0, zone);
    }
    if (text == "yesterday") {
        return local_midnight(now, 1, zone);
    }
    if (const auto moment = time_ago(text, now)) {
        return *moment;
    }
    const auto reading = looks_like_a_date(text) ? read_iso(std::string(text)) : std::nullopt;
    if (!reading) {
        return not_understood(text);
    }
    const std::int64_t local = reading->time.time_since_epoch().count();
    if (reading->offset) {
        return local - Nanoseconds(*reading->offset).count();
    }
    const std::int64_t seconds = floor_seconds(local);
    return utc_of_local(seconds, zone) * second + (local - seconds * second);
}

} // namespace maptrail
