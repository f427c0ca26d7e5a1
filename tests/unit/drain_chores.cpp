#include "tests/unit/drain_fixture.hpp"

using namespace maptrail;
using namespace maptrail::drain_test;

namespace {

PendingProcess pending(std::uint32_t pid) {
    PendingProcess result;
    result.process.pid = pid;
    result.operations = 1;
    return result;
}

std::vector<std::uint32_t> closed(FakeStore& store) {
    return store.with([](StoreState& state) { return state.closed; });
}

} // namespace

TEST_CASE_METHOD(DrainFixture, "A configuration's text is stored in its turn, also when the store failed", "[drain]") {
    store.with([](StoreState& state) { state.chore_failure = "disk full"; });
    start();
    drain->keep_config(ConfigVersion{1}, "first");
    drain->keep_config(ConfigVersion{2}, "second");
    REQUIRE(eventually([&] { return drain->counts().failures >= 2; }));
    store.with([](StoreState& state) { state.chore_failure.clear(); });
    REQUIRE(eventually([&] { return store.with([](StoreState& state) { return state.configs.size() == 2; }); }));
    drain->stop();
    store.with([](StoreState& state) {
        CHECK(state.configs[0] == std::pair(ConfigVersion{1}, std::string("first")));
        CHECK(state.configs[1].second == "second");
    });
}

TEST_CASE_METHOD(DrainFixture, "What is older than the retention is forgotten, in portions until it is gone",
                 "[drain]") {
    options.keep.age = std::chrono::nanoseconds(30 * day);
    options.retention_every = std::chrono::hours(1); // only what must be repeated comes again
    store.with([](StoreState& state) { state.old = 1'100; });
    start();
    REQUIRE(eventually([&] { return store.with([](StoreState& state) { return state.old == 0; }); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(600)); // two turns of an idle drain
    const auto calls = store.with([](StoreState& state) { return state.forgotten; });
    REQUIRE(calls.size() >= 2);
    CHECK(calls.size() <= 3); // the last has less to do than it could have done
    CHECK(calls.front().second == 500);
    for (const auto& [time, most] : calls) {
        CHECK(time == now - 30 * day);
        CHECK((most == 500 || most == 1'000 || most == 2'000)); // quick steps take more
    }
    CHECK(logged("retention: forgot 1100 operations") == 1);
    CHECK(drain->counts().forgotten == 1'100);
}

TEST_CASE_METHOD(DrainFixture, "What is more than may be kept goes, a step at a time, and then its room", "[drain]") {
    options.keep.operations = 1'000'000;
    options.keep.bytes = 1U << 30U;
    options.retention_every = std::chrono::hours(1);
    constexpr std::uint64_t mib = 1U << 20U;
    store.with([](StoreState& state) {
        state.surplus = 3;
        state.old = 1'300;
        state.free_bytes = 13 * mib + 4'096;
    });
    start();
    REQUIRE(eventually([&] { return logged("retention: forgot 1300 operations") == 1; }));
    store.with([&](StoreState& state) {
        REQUIRE(state.forgotten.size() >= 2);
        CHECK(state.forgotten[0] == std::pair(now - 3, std::uint64_t{500}));
        CHECK(state.forgotten[1].first == now - 2);
        CHECK(state.surplus_asked.front() == std::pair(options.keep, std::uint64_t{500}));
        CHECK(state.given_back ==
              std::vector<std::uint64_t>{mib / 4, mib / 2, mib, 2 * mib, 4 * mib, mib + mib / 4 + 4'096});
        CHECK(state.free_bytes == 4 * mib); // is soon used again
    });
    CHECK_FALSE(drain->counts().vacuuming);
}

TEST_CASE_METHOD(DrainFixture, "Where giving room back takes long, less is given at once", "[drain]") {
    constexpr std::uint64_t mib = 1U << 20U;
    options.keep.operations = 1;
    options.retention_every = std::chrono::hours(1);
    store.with([](StoreState& state) {
        state.free_bytes = 12 * mib;
        state.giving_back = [](std::uint64_t bytes) {
            std::this_thread::sleep_for(std::chrono::milliseconds(bytes > mib ? 210 : 0));
        };
    });
    start();
    REQUIRE(eventually([&] { return store.with([](StoreState& state) { return state.free_bytes <= 4 * mib; }); }));
    store.with([](StoreState& state) {
        CHECK(state.given_back ==
              std::vector<std::uint64_t>{mib / 4, mib / 2, mib, 2 * mib, mib, 2 * mib, mib, mib / 4});
    });
}

TEST_CASE_METHOD(DrainFixture, "Room is given back before more is forgotten, so that little is free at any time",
                 "[drain]") {
    constexpr std::uint64_t mib = 1U << 20U;
    options.keep.age = std::chrono::nanoseconds(day);
    options.retention_every = std::chrono::hours(1);
    store.with([](StoreState& state) {
        state.old = 2'500;
        state.room_of_each = 30'000;
        state.free_bytes = 30 * mib;
    });
    SECTION("of a database that gives it back") {
        start();
        REQUIRE(eventually([&] { return logged("retention: forgot 2500 operations") == 1; }));
        store.with([](StoreState& state) {
            REQUIRE(state.free_when_forgetting.size() >= 3);
            CHECK(std::ranges::max(state.free_when_forgetting) <= 16 * mib);
            CHECK(state.free_bytes == 4 * mib);
        });
    }
    SECTION("but nothing waits for a database that can't") {
        store.with([](StoreState& state) { state.gives_none_back = true; });
        start();
        REQUIRE(eventually([&] { return logged("retention: forgot 2500 operations") == 1; }));
    }
    SECTION("but nothing waits for a disk that is full") {
        store.with([](StoreState& state) { state.room_failure = "disk full"; });
        options.retention_again = std::chrono::milliseconds(10);
        start();
        REQUIRE(eventually([&] { return store.with([](StoreState& state) { return state.old == 0; }); }));
        CHECK(logged("a chore of the store failed: disk full") >= 1);
        store.with([](StoreState& state) { state.room_failure.clear(); });
        REQUIRE(eventually([&] { return store.with([](StoreState& state) { return state.free_bytes <= 4 * mib; }); }));
    }
    SECTION("and by turns where that takes long") {
        store.with([](StoreState& state) {
            state.free_bytes = 400 * mib;
            state.giving_back = [](std::uint64_t) { std::this_thread::sleep_for(std::chrono::milliseconds(210)); };
        });
        start();
        REQUIRE(eventually([&] { return store.with([](StoreState& state) { return state.old < 2'500; }); }));
        CHECK(store.with([](StoreState& state) { return state.free_bytes; }) > 300 * mib);
    }
    SECTION("and a vacuum leaves none") {
        options.keep = {};
        start();
        drain->vacuum({.age = std::chrono::nanoseconds(day)});
        REQUIRE(eventually([&] { return !drain->counts().vacuuming; }));
        CHECK(logged("vacuum: forgot 2500 operations") == 1);
        store.with([](StoreState& state) {
            CHECK(std::ranges::max(state.free_when_forgetting) <= 16 * mib);
            CHECK(std::ranges::max(state.given_back) == 4 * mib);
            CHECK(state.free_bytes == 0);
        });
    }
}

TEST_CASE_METHOD(DrainFixture, "Between its steps retention pauses as long as they take, whatever comes meanwhile",
                 "[drain]") {
    using Time = std::chrono::steady_clock::time_point;
    using Steps = std::vector<std::pair<Time, Time>>;
    options.sweep_every = std::chrono::hours(1);
    constexpr std::chrono::milliseconds step(110); // neither so short nor so long that the next takes more or less
    options.keep.age = std::chrono::nanoseconds(day);
    options.retention_every = std::chrono::hours(1);
    options.gather = std::chrono::milliseconds(0);
    const auto steps = std::make_shared<Steps>(); // used with the store held still
    store.with([&](StoreState& state) {
        state.old = 8 * 500;
        state.forgetting = [this, steps, step] {
            const Time begin = std::chrono::steady_clock::now();
            std::this_thread::sleep_for(step);
            store.with([&](StoreState&) { steps->emplace_back(begin, std::chrono::steady_clock::now()); });
        };
    });
    start();
    std::uint64_t number = 0;
    const bool done = eventually([&] {
        if (store.with([&](StoreState&) { return steps->size(); }) > number) {
            arrive(++number); // in the pause
        }
        return logged("retention: forgot 4000 operations") == 1;
    });
    drain.reset();
    REQUIRE(done);
    CHECK(stored().size() == number);
    REQUIRE(steps->size() >= 8);
    std::vector<std::chrono::nanoseconds> pauses;
    for (std::size_t i = 1; i < steps->size(); ++i) {
        const auto [begin, end] = (*steps)[i - 1];
        pauses.push_back((*steps)[i].first - end);
        CHECK(pauses.back() >= end - begin);
    }
    std::ranges::sort(pauses);
    CHECK(pauses[pauses.size() / 2] < 2 * step);
}

TEST_CASE_METHOD(DrainFixture, "Another retention holds soon, not with the next hour", "[drain]") {
    options.retention_every = std::chrono::hours(1);
    start();
    REQUIRE(eventually([&] { return store.with([](StoreState& state) { return state.chore_calls >= 1; }); }));
    store.with([](StoreState& state) { state.old = 7; });
    drain->keep({.age = std::chrono::nanoseconds(day)});
    REQUIRE(eventually([&] { return logged("retention: forgot 7 operations") == 1; }));
}

TEST_CASE_METHOD(DrainFixture, "A vacuum keeps what retention and its own limits keep, and no room", "[drain]") {
    options.keep.operations = 2'000;
    options.retention_every = std::chrono::hours(1);
    start();
    REQUIRE(eventually([&] { return store.with([](StoreState& state) { return !state.surplus_asked.empty(); }); }));
    store.with([](StoreState& state) {
        state.surplus_asked.clear();
        state.surplus = 1'000'000; // something comes all the time: that is for the next time
        state.old = 20;
        state.free_bytes = 8'192;
    });
    drain->vacuum({std::chrono::nanoseconds(10 * day), 5'000, 1U << 20U});
    REQUIRE(eventually([&] { return !drain->counts().vacuuming; }));
    CHECK(logged("vacuum: forgot 20 operations") == 1);
    CHECK(drain->counts().forgotten == 20);
    store.with([](StoreState& state) {
        CHECK(state.surplus_asked.front().first == Retention{std::chrono::nanoseconds(10 * day), 2'000, 1U << 20U});
        CHECK(state.forgotten.size() <= 2);
        CHECK(state.forgotten.front().first == now - 1'000'000); // nearer than ten days
        CHECK(state.given_back == std::vector<std::uint64_t>{8'192});
    });
    store.with([](StoreState& state) {
        state.free_bytes = 4'096;
        state.chore_failure = "the disk is full";
    });
    drain->vacuum({});
    REQUIRE(eventually([&] { return !drain->counts().vacuuming; }));
    CHECK(drain->counts().vacuum_failure == "the disk is full");
}

TEST_CASE_METHOD(DrainFixture, "Without a retention nothing is forgotten", "[drain]") {
    store.with([](StoreState& state) { state.old = 10; });
    start();
    // Both chores belong to the same turn.
    REQUIRE(eventually([&] { return store.with([](StoreState& state) { return state.chore_calls >= 2; }); }));
    CHECK(store.with([](StoreState& state) { return state.forgotten.empty(); }));
}

TEST_CASE_METHOD(DrainFixture, "Operations of an ended program are closed, those of a running one after a day",
                 "[drain]") {
    store.with([](StoreState& state) { state.pending = {pending(running), pending(ended)}; });
    start();
    REQUIRE(
        eventually([&] { return store.with([](StoreState& state) { return state.given_up_before.size() >= 2; }); }));
    CHECK(closed(store) == std::vector{ended});
    CHECK(store.with([](StoreState& state) { return state.given_up_before.front(); }) == now - day);
    CHECK(store.with([](StoreState& state) { return state.pending.size(); }) == 1);
}

TEST_CASE_METHOD(DrainFixture, "Many pending operations are closed in portions, one soon after the other", "[drain]") {
    options.sweep_every = std::chrono::hours(1); // what is left does not wait for the next one
    options.retention_every = std::chrono::hours(1);
    SECTION("of ended programs") {
        store.with([](StoreState& state) {
            for (std::uint32_t pid = 5'000; pid < 5'500; ++pid) {
                state.pending.push_back(pending(pid));
            }
            state.pending.push_back(pending(ended));
            state.pending.back().operations = 25'000; // more than a portion
        });
        start();
        REQUIRE(eventually([&] { return store.with([](StoreState& state) { return state.pending.empty(); }); }));
        CHECK(store.with([](StoreState& state) { return state.close_calls; }) == 26);
    }
    SECTION("of a day ago") {
        store.with([](StoreState& state) { state.too_old = 25'500; });
        start();
        REQUIRE(eventually([&] { return store.with([](StoreState& state) { return state.too_old == 0; }); }));
        CHECK(store.with([](StoreState& state) { return state.given_up_before.size(); }) == 26);
    }
    SECTION("that cannot be closed, as if somebody had doctored them") {
        store.with([](StoreState& state) {
            state.pending = {pending(ended)};
            state.pending.back().operations = 1'000'000;
            state.closes_none = true;
        });
        start();
        REQUIRE(
            eventually([&] { return !store.with([](StoreState& state) { return state.given_up_before.empty(); }); }));
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        CHECK(store.with([](StoreState& state) { return state.close_calls; }) == 1);
    }
}

TEST_CASE_METHOD(DrainFixture, "With notifications waiting the sweep comes later, but it comes", "[drain]") {
    // A store that takes nothing keeps the inbox filled, as lasting load would.
    store.with([](StoreState& state) {
        state.pending = {pending(ended)};
        state.record_failure = "busy";
    });
    const bool soon = GENERATE(false, true);
    options.sweep_overdue = soon ? std::chrono::milliseconds(100) : std::chrono::milliseconds(60'000);
    arrive(1);
    start();
    REQUIRE(eventually([&] { return drain->counts().failures >= 3; }));
    CHECK(inbox->counts().waiting == 1);
    CHECK(closed(store) == (soon ? std::vector{ended} : std::vector<std::uint32_t>{}));
}

TEST_CASE_METHOD(DrainFixture, "A chore that fails is counted, told once and tried again", "[drain]") {
    store.with([](StoreState& state) {
        state.pending = {pending(ended)};
        state.chore_failure = "locked";
    });
    start();
    REQUIRE(eventually([&] { return drain->counts().failures >= 3; }));
    CHECK(logged("a chore of the store failed: locked") == 1);
    CHECK(closed(store).empty());
    arrive(1); // which has nothing to do with it
    REQUIRE(eventually([&] { return drain->counts().stored == 1; }));
    store.with([](StoreState& state) { state.chore_failure.clear(); });
    CHECK(eventually([&] { return closed(store) == std::vector{ended}; }));
}

TEST_CASE_METHOD(DrainFixture, "Retention that fails is told once, and tried again after a while", "[drain]") {
    options.keep.operations = 5;
    options.retention_again = std::chrono::milliseconds(100);
    store.with([](StoreState& state) {
        state.surplus = 1'000'000;
        state.old = 10;
        state.shrink_failure = "disk full";
    });
    const auto begin = std::chrono::steady_clock::now();
    start();
    const auto asked = [this] { return store.with([](StoreState& state) { return state.surplus_asked.size(); }); };
    REQUIRE(eventually([&] { return asked() >= 3; }));
    CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(200));
    CHECK(logged("a chore of the store failed: disk full") == 1); // though the sweeps beside it succeed
    CHECK(drain->counts().chore_failure == "disk full");
    store.with([](StoreState& state) {
        state.shrink_failure.clear();
        state.surplus = 1;
    });
    REQUIRE(eventually([&] { return logged("retention: forgot 10 operations") == 1; }));
    CHECK(eventually([&] { return drain->counts().chore_failure.empty(); }));
}

TEST_CASE_METHOD(DrainFixture, "A vacuum that fails has failed, whatever else succeeds", "[drain]") {
    start();
    store.with([](StoreState& state) {
        state.free_bytes = 8'192;
        state.shrink_failure = "disk full";
    });
    drain->vacuum({.operations = 5});
    REQUIRE(eventually([&] { return !drain->counts().vacuuming; }));
    const auto sweeps = [this] { return store.with([](StoreState& state) { return state.chore_calls; }); };
    const std::uint64_t before = sweeps();
    REQUIRE(eventually([&] { return sweeps() >= before + 2; }));
    CHECK(drain->counts().vacuum_failure == "disk full");
    store.with([](StoreState& state) { state.shrink_failure.clear(); });
    drain->vacuum({.operations = 5});
    REQUIRE(eventually([&] { return !drain->counts().vacuuming; }));
    CHECK(drain->counts().vacuum_failure.empty());
    CHECK(logged("vacuum: forgot") == 1);
}

TEST_CASE_METHOD(DrainFixture, "What somebody changed in the history is told when it is met with", "[drain]") {
    std::vector<std::string> told;
    std::mutex mutex;
    system.tampering = [&](const std::string& what) {
        const std::scoped_lock lock(mutex);
        told.push_back(what);
    };
    store.with([](StoreState& state) { state.tampering = {"operation 7 had been changed", "a trigger"}; });
    start();
    arrive(1);
    REQUIRE(eventually([&] { return logged("not by MapTrail: operation 7 had been changed") == 1; }));
    CHECK(eventually([&] { return logged("not by MapTrail: a trigger") == 1; }));
    const std::scoped_lock lock(mutex);
    CHECK(told.size() == 2);
}

TEST_CASE_METHOD(DrainFixture, "The head of the history is told when it changed, at its time and at the end",
                 "[drain][chain]") {
    std::vector<std::uint64_t> told;
    std::mutex mutex;
    const auto so_far = [&] {
        const std::scoped_lock lock(mutex);
        return told;
    };
    system.head = [&](const ChainHead& head) {
        const std::scoped_lock lock(mutex);
        told.push_back(head.number);
    };
    SECTION("at its time") {
        options.head_every = std::chrono::milliseconds(1);
        start();
        arrive(1);
        REQUIRE(eventually([&] { return so_far().size() == 1; }));
        std::this_thread::sleep_for(std::chrono::milliseconds(300)); // a turn of an idle drain
        drain->stop();
        CHECK(so_far() == std::vector<std::uint64_t>{1});
    }
    SECTION("at the end") {
        start();
        // The first time is at the start; there is none yet.
        REQUIRE(eventually([&] { return store.with([](StoreState& state) { return state.chore_calls >= 2; }); }));
        arrive(1);
        REQUIRE(eventually([&] { return drain->counts().stored == 1; }));
        CHECK(so_far().empty());
        drain->stop();
        CHECK(so_far() == std::vector<std::uint64_t>{1});
    }
}
