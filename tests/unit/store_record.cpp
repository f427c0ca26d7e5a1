#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>
#include <array>

using namespace maptrail;
using namespace maptrail::test;

TEST_CASE_METHOD(StoreFixture, "Every field comes back as it was stored", "[store]") {
    Notification n = connect(1);
    n.sequence = ~std::uint64_t{0} - 1; // all 64 bits
    n.operation = ~std::uint64_t{0};
    n.ticks = ~std::uint64_t{0} - 100'000;
    n.flags = 0xFFFFFFFF;
    n.forced = true;
    n.truncated = true;
    n.remote_name = "\\\\s\xC3\xA9rveur\\\xE4\xBD\xA0\xE5\xA5\xBD";
    n.provider = "Prov";
    n.identity.integrity = 0x3000;
    n.identity.elevated = true;
    n.source = Source::spool;
    record({n, after(n, 0xFFFFFFFF)});
    const Operation o = one();
    CHECK(o.id == 1);
    CHECK(o.action == Action::connect);
    CHECK(o.outcome == Outcome::failure);
    CHECK(o.start == base_time);
    CHECK(o.end == base_time + 5'000'000);
    CHECK(o.duration == 5'000'000);
    CHECK(o.error == 0xFFFFFFFF);
    CHECK(o.local_name == "Z:");
    CHECK(o.remote_name == n.remote_name);
    CHECK(o.remote_from == RemoteFrom::call);
    CHECK(o.resource_type == 1);
    CHECK(o.provider == "Prov");
    CHECK(o.flags == 0xFFFFFFFF);
    CHECK(o.forced);
    CHECK(o.truncated);
    CHECK(o.identity.user_sid == n.identity.user_sid);
    CHECK(o.identity.user_name == "user1");
    CHECK(o.identity.user_domain == "CORP");
    CHECK(o.identity.logon_id == 0xFFFFFFFF12345678);
    CHECK(o.identity.session_id == 1);
    CHECK(o.identity.integrity == 0x3000);
    CHECK(o.identity.elevated);
    CHECK(o.process.pid == 4242);
    CHECK(o.process.started == n.process.started);
    CHECK(o.process.path == n.process.path);
    CHECK(o.process.bitness == 64);
    CHECK(o.source == Source::spool);
    CHECK(o.decision == Decision::allow);
    CHECK(o.host == "HOST");
}

TEST_CASE_METHOD(StoreFixture, "A frame that comes again changes nothing", "[store]") {
    const auto before = connect(1);
    record({before, before});
    CHECK(one().outcome == Outcome::pending);
    record({after(before), before, after(before)});
    record({after(before, 53)}); // the same frame by its number, whatever it says
    CHECK(one().outcome == Outcome::success);
    CHECK(store->counts().operations == 1);
    CHECK(store->counts().notifications == 2);
    CHECK(store->counts().duplicates == 4);
    CHECK(store->counts().pending == 0);
    store.reset();
    open();
    record({before});
    CHECK(store->counts().duplicates == 1);
    CHECK(store->counts().notifications == 2);
}

TEST_CASE_METHOD(StoreFixture, "The order of frames and batches does not matter", "[store]") {
    auto disconnect_frame = disconnect(2, base_time + second);
    std::vector<Notification> frames{connect(1), after(connect(1)), disconnect_frame, after(disconnect_frame)};
    std::vector<std::size_t> order{0, 1, 2, 3};
    do {
        CAPTURE(order);
        StoreFixture fresh;
        for (const std::size_t i : order) {
            fresh.record({frames[i]});
        }
        const auto all = fresh.find();
        REQUIRE(all.size() == 2);
        CHECK(all[0].action == Action::connect);
        CHECK(all[0].outcome == Outcome::success);
        CHECK(all[0].duration == 5'000'000);
        CHECK(all[0].reason.empty());
        CHECK(all[1].action == Action::disconnect);
        CHECK(all[1].outcome == Outcome::success);
        CHECK(all[1].duration == 5'000'000);
        CHECK(all[1].remote_name == R"(\\server\share)");
        CHECK(all[1].remote_from == RemoteFrom::record);
        CHECK(fresh.store->counts().pending == 0);
        CHECK(fresh.store->counts().operations == 2);
    } while (std::ranges::next_permutation(order).found);
}

TEST_CASE_METHOD(StoreFixture, "The same numbers of two producers are two operations", "[store]") {
    auto other = connect(1);
    other.producer.fill(8);
    record({connect(1), other, after(connect(1))});
    const auto all = find();
    REQUIRE(all.size() == 2);
    CHECK(all[0].outcome == Outcome::success);
    CHECK(all[1].outcome == Outcome::pending);
}

TEST_CASE_METHOD(StoreFixture, "A number used twice is kept as two operations", "[store]") {
    auto again = connect(1);
    again.sequence = 50;
    auto odd = after(disconnect(1)); // another action under the number
    odd.sequence = 51;
    record({connect(1), again, odd});
    CHECK(find().size() == 3);
    CHECK(store->counts().notifications == 3);
}

TEST_CASE_METHOD(StoreFixture, "Pending operations are closed with a reason, and a late after-call completes them",
                 "[store]") {
    auto other = connect(2, base_time + second);
    other.process.pid = 5;
    record({connect(1), other});
    const auto pending = store->pending_processes();
    REQUIRE(pending.size() == 2);
    const auto mine = std::ranges::find(pending, 4242U, [](const PendingProcess& p) { return p.process.pid; });
    REQUIRE(mine != pending.end());
    CHECK(mine->operations == 1);
    CHECK(mine->process.started == connect(1).process.started);
    CHECK(mine->process.path == connect(1).process.path);

    ClientProcess reused = mine->process;
    reused.started += 1; // the same pid, another program
    CHECK(store->close_pending_of(std::vector{reused}, "x", 100) == 0);
    CHECK(store->close_pending_of(std::vector{mine->process}, "the program ended", 100) == 1);
    CHECK(store->close_pending_of(std::vector{mine->process}, "again", 100) == 0);
    CHECK(store->counts().pending == 1);
    auto all = find();
    CHECK(all[0].outcome == Outcome::unknown);
    CHECK(all[0].reason == "the program ended");
    CHECK(all[0].end == 0);
    CHECK(all[0].duration == -1);

    CHECK(store->close_pending_before(base_time + second, "too long", 100) == 0);
    CHECK(store->close_pending_before(base_time + second + 1, "too long", 100) == 1);
    CHECK(store->counts().pending == 0);

    record({after(connect(1), 53)});
    all = find();
    CHECK(all[0].outcome == Outcome::failure);
    CHECK(all[0].reason.empty());
    CHECK(all[0].duration == 5'000'000);
    CHECK(all[1].reason == "too long");
    CHECK(store->counts().pending == 0);
}

TEST_CASE_METHOD(StoreFixture, "Pending operations of many programs are closed at once, no more than asked",
                 "[store]") {
    std::vector<Notification> batch;
    std::vector<ClientProcess> gone;
    for (std::uint64_t i = 1; i <= 6; ++i) {
        batch.push_back(connect(i, base_time + static_cast<std::int64_t>(i) * second));
        batch.back().process.pid = static_cast<std::uint32_t>(100 + i);
        if (i != 3) {
            gone.push_back(batch.back().process);
        }
    }
    record(batch);
    const auto pending = [this] {
        std::string numbers;
        for (const PendingProcess& process : store->pending_processes()) {
            numbers += std::to_string(process.process.pid - 100);
        }
        std::ranges::sort(numbers);
        return numbers;
    };
    CHECK(store->close_pending_of(gone, "gone", 3) == 3);
    CHECK(pending() == "356"); // the oldest go first
    CHECK(store->close_pending_of(gone, "gone", 3) == 2);
    CHECK(pending() == "3");
    CHECK(store->close_pending_of({}, "gone", 3) == 0);
    record({connect(7), connect(8)});
    CHECK(store->close_pending_before(base_time + 3 * second + 1, "too long", 2) == 2);
    CHECK(store->close_pending_before(base_time + 3 * second + 1, "too long", 2) == 1);
    CHECK(store->counts().pending == 0);
}

TEST_CASE_METHOD(StoreFixture, "A batch is stored whole or not at all", "[store]") {
    record({connect(1)});
    refuse("local_name = 'FAIL:'");
    auto fails = connect(3);
    fails.local_name = "FAIL:";
    auto new_producer = connect(2);
    new_producer.producer.fill(99);
    CHECK_THROWS_AS(record({after(connect(1)), new_producer, fails}), StoreError);
    CHECK(one().outcome == Outcome::pending);
    CHECK(store->counts().operations == 1);
    CHECK(store->counts().notifications == 1);
    CHECK(store->counts().pending == 1);

    // Also the producer's number, made in the failed batch, was given up.
    record({after(connect(1)), new_producer, connect(3)});
    CHECK(store->counts().operations == 3);
    CHECK(store->counts().notifications == 4);
    CHECK(store->counts().duplicates == 0);
    CHECK(raw().integer("SELECT max(id) FROM operation") == 3); // nor were ids lost to it
}

TEST_CASE_METHOD(StoreFixture, "The clock that is given says when an operation was recorded", "[store]") {
    now = base_time + 77 * second;
    record({connect(1)});
    CHECK(raw().integer("SELECT recorded_time FROM operation") == now);
}

TEST_CASE_METHOD(StoreFixture, "Ten thousand operations, in batches", "[store]") {
    std::vector<Notification> batch;
    for (std::uint64_t i = 1; i <= 10'000; ++i) {
        batch.push_back(connect(i, base_time + static_cast<std::int64_t>(i)));
        batch.push_back(after(batch.back()));
        if (batch.size() == 1000) {
            record(batch);
            batch.clear();
        }
    }
    const auto counts = store->counts();
    CHECK(counts.operations == 10'000);
    CHECK(counts.notifications == 20'000);
    CHECK(counts.pending == 0);
    CHECK(find().size() == 10'000);
    CHECK(raw().integer("SELECT count(*) FROM operation WHERE half = 0 AND outcome = 1") == 10'000);
}
