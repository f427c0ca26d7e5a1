#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;
using namespace maptrail::test;

TEST_CASE_METHOD(StoreFixture, "Old finished operations are forgotten, a number at a time, with all their traces",
                 "[store]") {
    auto other = connect(2, base_time + 2);
    other.producer.fill(9);
    record({connect(1, base_time + 1), after(connect(1, base_time + 1)), other, after(other),
            connect(3, base_time + 3), // pending
            connect(4, base_time + 4), after(connect(4, base_time + 4))});

    CHECK(store->forget_before(base_time + 4, 1) == 1);
    CHECK(find().size() == 3);
    CHECK(find().front().id == 2);
    CHECK(store->forget_before(base_time + 4, 100) == 1);
    CHECK(store->forget_before(base_time + 4, 100) == 0);
    auto left = find();
    REQUIRE(left.size() == 2);
    CHECK(left[0].outcome == Outcome::pending);
    CHECK(left[1].start == base_time + 4);

    CHECK(raw().integer("SELECT count(*) FROM frame") == 3);
    CHECK(raw().integer("SELECT count(*) FROM producer") == 1);
    CHECK(store->counts().operations == 2);
    CHECK(store->counts().pending == 1);
    CHECK(store->counts().notifications == 7); // ever stored

    // A producer that is heard of again, and ids that are never given twice.
    other.sequence = 100;
    other.time = base_time + 10;
    record({other});
    CHECK(find().back().id == 5);
    CHECK(store->forget_before(base_time + 100, ~std::uint64_t{0}) == 1);
}

TEST_CASE_METHOD(StoreFixture, "An id is not used again after its operation was forgotten", "[store]") {
    record({connect(1), after(connect(1))});
    CHECK(store->forget_before(base_time + 1, 10) == 1);
    CHECK(find().empty());
    record({connect(2)});
    CHECK(one().id == 2);
}
