#include "service/cli/time_expression.hpp"
#include "tests/unit/cli_sample.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <string>

using namespace maptrail;
using sample::moment;
using sample::second;

namespace {

std::string read(const std::string& text, const ZoneOffset& zone = sample::fixed_zone(0)) {
    const auto result = parse_time(text, moment, zone);
    if (const auto* const error = std::get_if<TimeError>(&result)) {
        return "error: " + error->text;
    }
    return iso_utc(std::get<std::int64_t>(result));
}

/// Berlin's rule in 2026: +2 from 2026-03-29 01:00 UTC to 2026-10-25 01:00 UTC, else +1.
std::int64_t berlin(std::int64_t utc) {
    return utc >= 1'774'746'000 && utc < 1'792'890'000 ? 7200 : 3600;
}

} // namespace

TEST_CASE("times ago count from now") {
    CHECK(read("-90s") == iso_utc(moment - 90 * second));
    CHECK(read("-30m") == iso_utc(moment - 1800 * second));
    CHECK(read("-2h") == iso_utc(moment - 7200 * second));
    CHECK(read("-7d") == iso_utc(moment - 7 * 86400 * second));
    CHECK(read("-1w") == read("-7d"));
    CHECK(read("7d") == read("-7d"));
    CHECK(read("-0s") == read("now"));
    CHECK(read("now") == iso_utc(moment));
    CHECK(read("-7d", berlin) == read("-7d"));
}

TEST_CASE("days are local days") {
    CHECK(read("today") == "2026-03-04T00:00:00.0000000Z");
    CHECK(read("yesterday") == "2026-03-03T00:00:00.0000000Z");
    CHECK(read("today", sample::fixed_zone(2)) == "2026-03-03T22:00:00.0000000Z");
    CHECK(read("today", sample::fixed_zone(-6)) == "2026-03-03T06:00:00.0000000Z");
    CHECK(read("yesterday", sample::fixed_zone(-6)) == "2026-03-02T06:00:00.0000000Z");
}

TEST_CASE("a day that has 23 or 25 hours starts at its midnight") {
    // 2026-03-30 10:00 in Berlin, the day after the clocks went forward; 2026-10-26 10:00, after they went back.
    const auto at = [](std::int64_t now, const char* text) {
        return iso_utc(std::get<std::int64_t>(parse_time(text, now * second, berlin)));
    };
    CHECK(at(1'774'857'600, "today") == "2026-03-29T22:00:00.0000000Z");
    CHECK(at(1'774'857'600, "yesterday") == "2026-03-28T23:00:00.0000000Z");
    CHECK(at(1'793'005'200, "today") == "2026-10-25T23:00:00.0000000Z");
    CHECK(at(1'793'005'200, "yesterday") == "2026-10-24T22:00:00.0000000Z");
}

TEST_CASE("dates and times without a zone are local") {
    CHECK(read("2026-01-31") == "2026-01-31T00:00:00.0000000Z");
    CHECK(read("2026-01-31", sample::fixed_zone(1)) == "2026-01-30T23:00:00.0000000Z");
    CHECK(read("2026-01-31 14:30") == "2026-01-31T14:30:00.0000000Z");
    CHECK(read("2026-01-31T14:30", sample::fixed_zone(-5)) == "2026-01-31T19:30:00.0000000Z");
    CHECK(read("2026-01-31T14:30:15") == "2026-01-31T14:30:15.0000000Z");
    CHECK(read("2026-01-31T14:30:15.25") == "2026-01-31T14:30:15.2500000Z");
    CHECK(read("2024-02-29") == "2024-02-29T00:00:00.0000000Z");
    CHECK(read("2026-03-29", berlin) == "2026-03-28T23:00:00.0000000Z");
    CHECK(read("2026-03-29 03:00", berlin) == "2026-03-29T01:00:00.0000000Z");
    CHECK(read("2026-07-01 12:00", berlin) == "2026-07-01T10:00:00.0000000Z");
}

TEST_CASE("a zone that is given counts") {
    const auto elsewhere = sample::fixed_zone(9);
    CHECK(read("2026-01-31T14:30:15Z", elsewhere) == "2026-01-31T14:30:15.0000000Z");
    CHECK(read("2026-01-31 14:30z", elsewhere) == "2026-01-31T14:30:00.0000000Z");
    CHECK(read("2026-01-31T14:30+01:00", elsewhere) == "2026-01-31T13:30:00.0000000Z");
    CHECK(read("2026-01-31T14:30:15.5+0100", elsewhere) == "2026-01-31T13:30:15.5000000Z");
    CHECK(read("2026-01-31T14:30:15-05:00", elsewhere) == "2026-01-31T19:30:15.0000000Z");
    CHECK(read(iso_utc(moment), elsewhere) == iso_utc(moment));
}

TEST_CASE("what is no time is refused, with what would be") {
    using Catch::Matchers::ContainsSubstring;
    for (const char* const bad : {"",
                                  "-",
                                  "-h",
                                  "-2",
                                  "+2h",
                                  "-2x",
                                  "-2hh",
                                  "- 2h",
                                  "-99999999999999999999h",
                                  "-1000000w",
                                  "tomorrow",
                                  "Today",
                                  "2026",
                                  "2026-1-1",
                                  "2026-02-30",
                                  "2026-13-01",
                                  "2026-01-31T",
                                  "2026-01-31T25:00",
                                  "2026-01-31T14:60",
                                  "2026-01-31T14",
                                  "2026-01-31X14:30",
                                  "2026-01-31 14:30 CET",
                                  "2026-01-31T14:30:15ZZ",
                                  "2026-01-31junk",
                                  "31.01.2026",
                                  "01/31/2026",
                                  "0001-01-01",
                                  "9999-01-01",
                                  "2026-01-31T14:30+",
                                  "2026-01-31T14:30Z+01:00"}) {
        INFO(bad);
        CHECK_THAT(read(bad), ContainsSubstring("error: ") && ContainsSubstring("-2h") && ContainsSubstring(bad));
    }
}
