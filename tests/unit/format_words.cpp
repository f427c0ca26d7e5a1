#include "common/model/notification.hpp"
#include "common/model/windows_error.hpp"
#include "service/format/time_text.hpp"
#include "service/format/words.hpp"
#include "tests/unit/cli_sample.hpp"

#include <catch2/catch_test_macros.hpp>
#include <limits>

using namespace maptrail;

TEST_CASE("errors have Windows' names and texts") {
    CHECK(error_name(53) == "ERROR_BAD_NETPATH");
    CHECK(error_text(53) == "The network path was not found.");
    CHECK(error_name(1219) == "ERROR_SESSION_CREDENTIAL_CONFLICT");
    CHECK(error_name(2404) == "ERROR_DEVICE_IN_USE");
    CHECK(error_name(0) == "ERROR_SUCCESS");
    CHECK(error_name(4).empty());
    CHECK(error_text(0xFFFFFFFF).empty());
}

TEST_CASE("errors are found by name, in any case, and by the network functions' own names") {
    CHECK(error_code("ERROR_BAD_NETPATH") == 53U);
    CHECK(error_code("error_bad_net_name") == 67U);
    CHECK(error_code("WN_NOT_CONNECTED") == 2250U);
    CHECK(error_code("WN_CANCEL") == 1223U);
    CHECK_FALSE(error_code("ERROR_"));
    CHECK_FALSE(error_code(""));
    for (std::uint32_t code = 0; code < 3000; ++code) {
        if (!error_name(code).empty()) {
            CHECK(error_code(error_name(code)) == code);
            CHECK_FALSE(error_text(code).empty());
            CHECK(error_text(code).find('\n') == std::string_view::npos);
        }
    }
}

TEST_CASE("ISO times keep what Windows keeps, and read back") {
    CHECK(iso_utc(0) == "1970-01-01T00:00:00.0000000Z");
    CHECK(iso_utc(sample::moment) == "2026-03-04T05:06:07.1234567Z");
    CHECK(iso_utc(sample::moment + 1) == "2026-03-04T05:06:07.123456701Z");
    CHECK(iso_utc(-100) == "1969-12-31T23:59:59.9999999Z");
    CHECK(iso_utc(latest_recorded) == "2261-12-31T23:59:59.999999999Z");
    constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    for (const std::int64_t time :
         {std::int64_t{0}, std::int64_t{-1}, sample::moment, sample::moment + 1, -sample::second, -sample::second - 1,
          earliest_recorded, latest_recorded, least, least + 1, least + sample::second, most, most - sample::second}) {
        CAPTURE(time);
        CHECK(from_iso_utc(iso_utc(time)) == time);
    }
    CHECK(iso_utc(least) == "1677-09-21T00:12:43.145224192Z");
    CHECK(iso_utc(most) == "2262-04-11T23:47:16.854775807Z");
    for (const char* const beyond :
         {"1677-09-21T00:12:43.145224191Z", "1677-09-21T00:12:42.999999999Z", "2262-04-11T23:47:16.854775808Z",
          "2262-04-11T23:47:17Z", "0000-01-01T00:00:00Z"}) {
        CAPTURE(beyond);
        CHECK_FALSE(from_iso_utc(beyond));
    }
    CHECK(from_iso_utc("2024-02-29T23:59:59Z") == 1'709'251'199 * sample::second);
    for (const char* const bad : {"", "2026-03-04", "2026-02-29T00:00:00Z", "2026-03-04T24:00:00Z",
                                  "2026-03-04T00:00:00", "2026-03-04T00:00:00.Z", "2026-03-04T00:00:00.1234567890Z",
                                  "2026-03-04 00:00:00Z", "9999-03-04T00:00:00Z", "2026-03-04T00:00:00.-1Z"}) {
        INFO(bad);
        CHECK_FALSE(from_iso_utc(bad));
    }
}

TEST_CASE("local times follow the zone") {
    CHECK(local_time(sample::moment, sample::fixed_zone(2)) == "2026-03-04 07:06:07");
    CHECK(local_time(sample::moment, sample::fixed_zone(-6)) == "2026-03-03 23:06:07");
    CHECK(local_time(-1, sample::fixed_zone(0)) == "1969-12-31 23:59:59");
    CHECK(short_local_time(sample::moment, sample::moment, sample::fixed_zone(0)) == "03-04 05:06:07");
    for (const std::int64_t hours : {-26, 26}) { // at the ends, which no zone moves
        CHECK_FALSE(local_time(std::numeric_limits<std::int64_t>::min(), sample::fixed_zone(hours)).empty());
        CHECK_FALSE(local_time(std::numeric_limits<std::int64_t>::max(), sample::fixed_zone(hours)).empty());
    }
    CHECK(local_time(latest_recorded, sample::fixed_zone(14)) == "2262-01-01 13:59:59");
    const std::int64_t next_year = sample::moment + 365 * 86400 * sample::second;
    CHECK(short_local_time(sample::moment, next_year, sample::fixed_zone(0)) == "2026-03-04 05:06");
}

TEST_CASE("durations are told in their own unit") {
    CHECK(duration_text(-1).empty());
    CHECK(duration_text(0) == "0 us");
    CHECK(duration_text(850'000) == "850 us");
    CHECK(duration_text(12'345'600) == "12.3 ms");
    CHECK(duration_text(4'560'000'000) == "4.56 s");
    CHECK(duration_text(125 * sample::second) == "2 min 05 s");
    CHECK(duration_text(3720 * sample::second) == "1 h 02 min");
}

TEST_CASE("numbers are read whole or not at all") {
    CHECK(number_of("53", 100) == 53U);
    CHECK(number_of("0x35", 100) == 53U);
    CHECK_FALSE(number_of("101", 100));
    for (const char* const bad : {"", "0x", "-1", "+1", " 1", "1 ", "1a", "0xg", "99999999999999999999999"}) {
        INFO(bad);
        CHECK_FALSE(number_of(bad, ~std::uint64_t{0}));
    }
}
