#include "service/format/time_text.hpp"

#include <array>
#include <cstdio>
#include <date/date.h>
#include <limits>

namespace maptrail {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

struct Parts {
    int year;
    unsigned month, day;
    int hour, minute, second;
    int nanoseconds;
};

std::int64_t floor_seconds(std::int64_t nanoseconds) {
    return nanoseconds / second - (nanoseconds % second < 0 ? 1 : 0);
}

Parts split(std::int64_t nanoseconds) {
    // By seconds: the midnight before the earliest moment does not fit into 64 bits of nanoseconds.
    const date::sys_seconds moment{std::chrono::seconds{floor_seconds(nanoseconds)}};
    const auto midnight = date::floor<date::days>(moment);
    const date::year_month_day day{midnight};
    const date::hh_mm_ss<std::chrono::seconds> clock{moment - midnight};
    const std::int64_t rest = nanoseconds % second;
    return {static_cast<int>(day.year()),
            static_cast<unsigned>(day.month()),
            static_cast<unsigned>(day.day()),
            static_cast<int>(clock.hours().count()),
            static_cast<int>(clock.minutes().count()),
            static_cast<int>(clock.seconds().count()),
            static_cast<int>(rest < 0 ? rest + second : rest)};
}

template <typename... Values>
std::string print(const char* format, Values... values) {
    std::array<char, 64> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), format, values...);
    return length > 0 ? std::string(buffer.data()) : std::string();
}

std::int64_t to_local(std::int64_t nanoseconds, const ZoneOffset& zone) {
    const std::int64_t offset = zone(floor_seconds(nanoseconds)) * second;
    if (offset > 0 && nanoseconds > most - offset) {
        return most;
    }
    return offset < 0 && nanoseconds < least - offset ? least : nanoseconds + offset;
}

} // namespace

std::string iso_utc(std::int64_t nanoseconds) {
    const Parts p = split(nanoseconds);
    // Not by printf: of a line of JSON, of which an export writes millions, that took a tenth.
    std::string text;
    const auto digits = [&](int value, int count, char end) {
        text.append(static_cast<std::size_t>(count), '0');
        for (std::size_t at = text.size(); value != 0 && count > 0; value /= 10, --count) {
            text[--at] = static_cast<char>('0' + value % 10);
        }
        text += end;
    };
    digits(p.year, 4, '-');
    digits(static_cast<int>(p.month), 2, '-');
    digits(static_cast<int>(p.day), 2, 'T');
    digits(p.hour, 2, ':');
    digits(p.minute, 2, ':');
    digits(p.second, 2, '.');
    const bool fine = p.nanoseconds % 100 != 0;
    digits(fine ? p.nanoseconds : p.nanoseconds / 100, fine ? 9 : 7, 'Z');
    return text;
}

std::optional<std::int64_t> from_iso_utc(std::string_view text) {
    // 20 is the length of a time without a fraction; 30 of one with nine digits.
    if (text.size() < 20 || text.size() > 30 || text.back() != 'Z' || text[10] != 'T') {
        return std::nullopt;
    }
    const auto number = [&](std::size_t from, std::size_t length, int& value) {
        value = 0;
        for (const char c : text.substr(from, length)) {
            if (c < '0' || c > '9') {
                return false;
            }
            value = value * 10 + (c - '0');
        }
        return true;
    };
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int seconds = 0;
    int fraction = 0;
    const bool shaped = number(0, 4, year) && text[4] == '-' && number(5, 2, month) && text[7] == '-' &&
                        number(8, 2, day) && number(11, 2, hour) && text[13] == ':' && number(14, 2, minute) &&
                        text[16] == ':' && number(17, 2, seconds);
    if (!shaped || hour > 23 || minute > 59 || seconds > 59) {
        return std::nullopt;
    }
    if (text.size() > 20) {
        const std::size_t digits = text.size() - 21;
        if (text[19] != '.' || digits == 0 || !number(20, digits, fraction)) {
            return std::nullopt;
        }
        for (std::size_t i = digits; i < 9; ++i) {
            fraction *= 10;
        }
    }
    const date::year_month_day date{date::year{year}, date::month{static_cast<unsigned>(month)},
                                    date::day{static_cast<unsigned>(day)}};
    if (!date.ok()) {
        return std::nullopt;
    }
    const std::int64_t days = date::sys_days{date}.time_since_epoch().count();
    std::int64_t whole = ((days * 24 + hour) * 60 + minute) * 60 + seconds;
    std::int64_t rest = fraction;
    if (whole < 0) { // towards zero, so that the earliest second does not overflow before its fraction is added
        ++whole;
        rest -= second;
    }
    if (whole < least / second || whole > most / second || (whole == least / second && rest < least % second) ||
        (whole == most / second && rest > most % second)) {
        return std::nullopt;
    }
    return whole * second + rest;
}

std::string local_time(std::int64_t nanoseconds, const ZoneOffset& zone) {
    const Parts p = split(to_local(nanoseconds, zone));
    return print("%04d-%02u-%02u %02d:%02d:%02d", p.year, p.month, p.day, p.hour, p.minute, p.second);
}

std::string short_local_time(std::int64_t nanoseconds, std::int64_t now, const ZoneOffset& zone) {
    const Parts p = split(to_local(nanoseconds, zone));
    if (p.year == split(to_local(now, zone)).year) {
        return print("%02u-%02u %02d:%02d:%02d", p.month, p.day, p.hour, p.minute, p.second);
    }
    return print("%04d-%02u-%02u %02d:%02d", p.year, p.month, p.day, p.hour, p.minute);
}

std::string duration_text(std::int64_t nanoseconds) {
    if (nanoseconds < 0) {
        return {};
    }
    const auto value = static_cast<double>(nanoseconds);
    if (nanoseconds < 1'000'000) {
        return print("%.0f us", value / 1e3);
    }
    if (nanoseconds < second) {
        return print("%.1f ms", value / 1e6);
    }
    if (nanoseconds < 60 * second) {
        return print("%.2f s", value / 1e9);
    }
    const std::int64_t minutes = nanoseconds / (60 * second);
    if (minutes < 60) {
        return print("%lld min %02lld s", static_cast<long long>(minutes),
                     static_cast<long long>(nanoseconds / second % 60));
    }
    return print("%lld h %02lld min", static_cast<long long>(minutes / 60), static_cast<long long>(minutes % 60));
}

} // namespace maptrail
