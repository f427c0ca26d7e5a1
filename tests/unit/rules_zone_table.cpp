#include "service/rules/zone_table.hpp"

#include <catch_amalgamated.hpp>

#include <cstdint>
#include <limits>

using namespace maptrail;
using rules::ZoneTable;

namespace {

constexpr std::int64_t hour = 3'600;
constexpr std::int64_t spring = 1'774'746'000; // 2026-03-29 01:00 UTC
constexpr std::int64_t autumn = 1'792'890'000; // 2026-10-25 01:00 UTC

std::int64_t berlin(std::int64_t utc) {
    return utc >= spring && utc < autumn ? 2 * hour : hour;
}

} // namespace

TEST_CASE("A zone's table knows to the second when the clocks are changed", "[rules]") {
    const ZoneTable table(&berlin, spring + 100 * 86'400);
    for (const std::int64_t moment : {spring - 86'400 * 30, spring - 1, spring, spring + 1, spring + 86'400 * 90,
                                      autumn - 1, autumn, autumn + 86'400 * 90}) {
        CHECK(table.offset_at(moment) == berlin(moment));
    }
    CHECK(table.offset_at(std::numeric_limits<std::int64_t>::min()) == hour);
    CHECK(table.offset_at(std::numeric_limits<std::int64_t>::max()) == hour);
    CHECK(ZoneTable().offset_at(spring) == 0);
}

TEST_CASE("Tables of one zone and one day are the same", "[rules]") {
    const std::int64_t midnight = spring - hour;
    CHECK(ZoneTable(&berlin, midnight) == ZoneTable(&berlin, midnight + 86'399));
    CHECK(ZoneTable(&berlin, midnight) != ZoneTable([](std::int64_t) { return hour; }, midnight));
}
