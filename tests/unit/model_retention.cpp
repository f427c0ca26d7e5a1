#include "common/model/retention.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;

TEST_CASE("Of two retentions the stricter limits hold, each by itself", "[model]") {
    using std::chrono::hours;
    CHECK(stricter({}, {}) == Retention{});
    CHECK(stricter({hours(24), 0, 5}, {}) == Retention{hours(24), 0, 5});
    CHECK(stricter({hours(24), 7, 5}, {hours(48), 3, 0}) == Retention{hours(24), 3, 5});
}

TEST_CASE("How much is kept as text", "[model]") {
    CHECK(limits_text({}) == "everything");
    CHECK(limits_text({std::chrono::hours(24 * 90), 1'000, 500U << 20U}) == "90 days, 1000 operations, 500 MiB");
    CHECK(limits_text({.operations = 5}) == "5 operations");
}
