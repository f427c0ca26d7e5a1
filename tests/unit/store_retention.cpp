#include "service/store/verify.hpp"
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

TEST_CASE_METHOD(StoreFixture, "What is more than may be kept is told by the time of what is oldest", "[store]") {
    std::vector<Notification> batch;
    for (std::uint64_t i = 1; i <= 20; ++i) {
        batch.push_back(connect(i, base_time + static_cast<std::int64_t>(i)));
        if (i != 20) { // pending
            batch.push_back(after(batch.back()));
        }
    }
    record(batch);
    CHECK_FALSE(store->surplus_before({}, 500));
    CHECK_FALSE(store->surplus_before({.operations = 20}, 500));
    CHECK_FALSE(store->surplus_before({.bytes = 1U << 30U}, 500));
    CHECK(store->surplus_before({.operations = 15}, 500) == base_time + 6);
    CHECK(store->surplus_before({.operations = 15}, 2) == base_time + 3);
    CHECK(store->surplus_before({.operations = 1}, 500) == base_time + 20);
    CHECK(store->surplus_before({.bytes = 4'096}, 4) == base_time + 5); // as much as may go at once

    CHECK(store->surplus_before({.bytes = 4'096}, 500) == base_time + 20); // all that have ended, if they are fewer

    CHECK(store->forget_before(*store->surplus_before({.operations = 15}, 500), 500) == 5);
    CHECK(find().size() == 15);
    CHECK_FALSE(store->surplus_before({.operations = 15}, 500));
}

TEST_CASE_METHOD(StoreFixture, "What retention frees is given back to the file system, a little at a time", "[store]") {
    for (std::uint64_t first = 1; first <= 4'000; first += 500) {
        std::vector<Notification> batch;
        for (std::uint64_t i = first; i < first + 500; ++i) {
            batch.push_back(connect(i, base_time + static_cast<std::int64_t>(i)));
            batch.push_back(after(batch.back()));
        }
        record(batch);
    }
    const StoreCounts full = store->counts();
    CHECK(full.free_bytes < full.bytes / 10);
    now = base_time + second;
    CHECK(store->forget_before(base_time + 3'001, 10'000) == 3'000);
    const StoreCounts forgotten = store->counts();
    CHECK(forgotten.bytes >= full.bytes);
    CHECK(forgotten.free_bytes > full.bytes / 3);

    CHECK(store->give_back(1) == forgotten.free_bytes); // less than a page is none, not all of them
    const std::uint64_t left = store->give_back(65'536);
    CHECK(left < forgotten.free_bytes);
    CHECK(left > 0);
    CHECK(store->give_back(left) == 0);
    const StoreCounts small = store->counts();
    CHECK(small.free_bytes == 0);
    CHECK(small.bytes < full.bytes * 2 / 3);
    CHECK(find().size() == 1'000);
    store.reset(); // writes all of it back
    CHECK(std::filesystem::file_size(file) == small.bytes);
}

TEST_CASE_METHOD(StoreFixture, "A size is reached, and most of what it has room for stays", "[store][chain]") {
    constexpr std::uint64_t count = 6'000;
    for (std::uint64_t first = 1; first <= count; first += 500) {
        std::vector<Notification> batch;
        for (std::uint64_t i = first; i < first + 500; ++i) {
            batch.push_back(connect(i, base_time + static_cast<std::int64_t>(i) * second));
            batch.push_back(after(batch.back()));
        }
        now = batch.back().time;
        record(batch);
    }
    // One from a clock that was far ahead: it stays, and holds nothing else up.
    record({connect(count + 1, base_time * 2), after(connect(count + 1, base_time * 2))});
    StoreCounts counts = store->counts();
    const std::uint64_t used = counts.bytes - counts.free_bytes;
    const Retention keep{.bytes = used / 3};
    now += second;
    int steps = 0;
    while (const auto before = store->surplus_before(keep, 500)) {
        REQUIRE(++steps < 40);
        REQUIRE(store->forget_before(*before, 500) > 0);
    }
    counts = store->counts();
    CHECK(counts.bytes - counts.free_bytes <= keep.bytes);
    CHECK(counts.operations > count / 5);
    CHECK(counts.operations < count * 2 / 5);
    CHECK(verify_history(file, {}).fits());
    CHECK(raw().integer("SELECT count(*) FROM seal") < static_cast<std::int64_t>(2 * counts.operations));
    CHECK(find().back().start == base_time * 2);
}
