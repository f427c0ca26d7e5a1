#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>
#include <random>

using namespace maptrail;
using namespace maptrail::test;
using Catch::Matchers::ContainsSubstring;

namespace {

using Steady = std::chrono::steady_clock;
constexpr auto grace = std::chrono::seconds(30);

/// A store whose sweeps come at moments that a test chooses. Programs start after the history began.
struct GapFixture : StoreFixture {
    Steady::time_point moment{std::chrono::hours(1)};
    std::function<bool(Steady::time_point)> spool_is_clear;

    static Notification frame(std::uint64_t sequence, std::uint8_t producer = 7) {
        Notification n = connect(sequence, base_time + static_cast<std::int64_t>(sequence % 1'000) * second);
        n.producer.fill(producer);
        n.sequence = sequence;
        n.process.started = base_time + 1;
        return n;
    }

    void arrive(std::initializer_list<std::uint64_t> sequences, std::uint8_t producer = 7) const {
        std::vector<Notification> batch;
        for (const std::uint64_t sequence : sequences) {
            batch.push_back(frame(sequence, producer));
        }
        record(batch);
    }

    std::uint64_t sweep(Steady::duration later = {}) {
        moment += later;
        return store->settle_gaps({.now = moment, .grace = grace, .spool_is_clear = spool_is_clear});
    }

    /// Notices, and waits long enough.
    std::uint64_t settle() {
        const std::uint64_t at_once = sweep();
        return at_once + sweep(grace);
    }

    [[nodiscard]] std::vector<Operation> losses() const {
        Query query;
        query.actions = {Action::loss};
        return find(query);
    }

    /// Of every producer and over all.
    void check_sums() const {
        Database other = raw();
        CHECK(other.integer("SELECT count(*) FROM producer WHERE stored + quarantined + lost <> highest") == 0);
        CHECK(other.integer("SELECT count(*) FROM producer WHERE checked <> highest") == 0);
        const StoreCounts counts = store->counts();
        CHECK(counts.notifications + counts.quarantined + counts.lost == counts.sent);
    }
};

Loss damage(std::uint8_t id, std::uint64_t count = 1, std::uint8_t producer = 7) {
    Loss loss;
    loss.id.fill(id);
    loss.count = count;
    loss.time = base_time + 50 * second;
    loss.producer.emplace().fill(producer);
    loss.identity.user_sid = "S-1-5-21-1-2-3-1001";
    loss.source = Source::spool;
    loss.reason = "a frame of a spool file was damaged";
    return loss;
}

} // namespace

TEST_CASE_METHOD(GapFixture, "Numbers that never arrive become one loss, with its neighbours' caller and times",
                 "[store][loss]") {
    arrive({1, 2, 6});
    CHECK(sweep() == 0);
    CHECK(sweep(grace - std::chrono::seconds(1)) == 0);
    CHECK(losses().empty());
    CHECK(sweep(std::chrono::seconds(1)) == 3);
    const auto all = find();
    REQUIRE(all.size() == 4);
    const Operation& loss = all[2]; // between its neighbours
    CHECK(loss.action == Action::loss);
    CHECK(loss.outcome == Outcome::unknown);
    CHECK(loss.start == base_time + 2 * second);
    CHECK(loss.end == base_time + 6 * second);
    REQUIRE(loss.loss.has_value());
    CHECK(loss.loss->kind == LossKind::gap);
    CHECK(loss.loss->count == 3);
    CHECK(loss.loss->first_sequence == 3);
    CHECK(loss.loss->last_sequence == 5);
    CHECK(loss.loss->producer == frame(1).producer);
    CHECK(loss.identity.user_sid == frame(1).identity.user_sid);
    CHECK(loss.identity.user_name == "user1");
    CHECK(loss.process.pid == 4242);
    CHECK(loss.host == "HOST");
    CHECK_THAT(loss.reason, ContainsSubstring("3 notifications") && ContainsSubstring("numbers 3 to 5"));
    CHECK(losses().size() == 1);
    CHECK(store->counts().operations == 3);
    CHECK(store->counts().losses == 1);
    CHECK(store->counts().lost == 3);
    CHECK(settle() == 0); // once
    check_sums();
}

TEST_CASE_METHOD(GapFixture, "A program's first notifications can be missing, too", "[store][loss]") {
    arrive({3});
    CHECK(settle() == 2);
    const auto all = find();
    REQUIRE(all.size() == 2);
    CHECK(all[0].action == Action::loss);
    CHECK(all[0].loss->first_sequence == 1);
    check_sums();
}

TEST_CASE_METHOD(GapFixture, "What a program sent before this history began is not missing", "[store][loss]") {
    Notification n = frame(1000);
    SECTION("it ran already") {
        n.process.started = base_time - second;
    }
    SECTION("nobody knows since when it runs") {
        n.process.started = 0;
    }
    record({n});
    CHECK(settle() == 0);
    arrive({1002});
    CHECK(settle() == 1); // from there on it is counted
    check_sums();
}

TEST_CASE_METHOD(GapFixture, "What comes late, or while the spool is not read yet, is not lost", "[store][loss]") {
    std::vector<Steady::time_point> asked;
    bool clear = false;
    spool_is_clear = [&](Steady::time_point since) {
        asked.push_back(since);
        return clear;
    };
    arrive({4, 2});
    const auto noticed = moment;
    CHECK(sweep() == 0);
    CHECK(sweep(2 * grace) == 0);
    CHECK(asked == std::vector{noticed});
    SECTION("late") {
        arrive({1, 3});
        clear = true;
        CHECK(settle() == 0);
        CHECK(losses().empty());
    }
    SECTION("the spool was read") {
        clear = true;
        CHECK(sweep() == 2);
    }
    SECTION("a spool that is never done with holds no loss back for ever") {
        CHECK(sweep(std::chrono::hours(23)) == 0);
        CHECK(sweep(std::chrono::hours(1)) == 2);
    }
    check_sums();
}

TEST_CASE_METHOD(GapFixture, "A gap that is seen later has its own time to close", "[store][loss]") {
    arrive({1, 3});
    CHECK(sweep() == 0);
    arrive({6});
    CHECK(sweep(grace) == 1); // 2, but not yet 4 and 5
    CHECK(sweep() == 0);
    CHECK(sweep(grace) == 2);
    CHECK(losses().size() == 2);
    check_sums();
}

TEST_CASE_METHOD(GapFixture, "What arrives after it was given up is taken out of its loss", "[store][loss]") {
    arrive({1, 5});
    CHECK(settle() == 3);
    arrive({3});
    REQUIRE(losses().size() == 1);
    CHECK(losses()[0].loss->count == 2);
    CHECK_THAT(losses()[0].reason, ContainsSubstring("2 notifications") && ContainsSubstring("of numbers 2 to 4"));
    CHECK(store->counts().lost == 2);
    arrive({3, 2}); // one of them again
    CHECK(losses()[0].loss->count == 1);
    arrive({4});
    CHECK(losses().empty());
    CHECK(store->counts().lost == 0);
    CHECK(store->counts().losses == 0);
    CHECK(store->counts().operations == 5);
    CHECK(store->counts().duplicates == 1);
    check_sums();
}

TEST_CASE_METHOD(GapFixture, "A loss that is told twice is stored once, and explains the gap that it left",
                 "[store][loss]") {
    const std::vector told{damage(1)};
    arrive({1, 4});
    store->record({}, told);
    store->record({}, told);
    REQUIRE(losses().size() == 1);
    const Operation loss = losses().front();
    CHECK(loss.loss->kind == LossKind::damaged);
    CHECK(loss.loss->producer == told[0].producer);
    CHECK(loss.start == told[0].time);
    CHECK(loss.reason == told[0].reason);
    CHECK(loss.source == Source::spool);
    CHECK(settle() == 1); // of two numbers
    CHECK(store->counts().quarantined == 1);
    CHECK(store->counts().lost == 1);
    check_sums();
    arrive({2, 3}); // so both were there after all
    CHECK(store->counts().quarantined == 0);
    CHECK(store->counts().lost == 0);
    check_sums();
}

TEST_CASE_METHOD(GapFixture, "A loss of nobody in particular", "[store][loss]") {
    Loss loss;
    loss.id.fill(9);
    loss.time = base_time;
    loss.count = 2;
    store->record({}, std::vector{loss});
    REQUIRE(losses().size() == 1);
    CHECK_FALSE(losses()[0].loss->producer.has_value());
    CHECK(losses()[0].loss->count == 2);
    CHECK(store->counts().losses == 1);
    CHECK(raw().integer("SELECT count(*) FROM producer") == 0);
    Query others;
    others.actions = {Action::connect, Action::disconnect};
    CHECK(find(others).empty());
}

TEST_CASE_METHOD(GapFixture, "Retention neither makes gaps nor loses them", "[store][loss]") {
    const auto finished = [](std::uint64_t sequence) {
        Notification n = frame(sequence);
        n.phase = Phase::after;
        return n;
    };
    record({finished(1), finished(2), finished(5), finished(6)});
    CHECK(store->forget_before(base_time + 6 * second, 100) >= 3);
    CHECK(store->counts().lost == 2); // entered before the numbers around it went
    CHECK(settle() == 0);
    record({finished(7)});
    CHECK(settle() == 0);
    check_sums();
    now = base_time + 100 * second;
    while (store->forget_before(now, 100) > 0) {
    }
    CHECK(find().empty());
    CHECK(store->counts().losses == 0);
    CHECK(store->counts().operations == 0);
    CHECK(raw().integer("SELECT count(*) FROM producer") == 0);
    record({finished(8)}); // a producer that was forgotten goes on where it was
    CHECK(settle() == 0);
    check_sums();
}

TEST_CASE_METHOD(GapFixture, "A frame of a forgotten operation that comes again is stored, and counts nothing twice",
                 "[store][loss]") {
    Notification n = frame(1);
    n.phase = Phase::after;
    record({n, frame(2)});
    CHECK(store->forget_before(base_time + 2 * second, 100) == 1);
    record({n});
    CHECK(find().size() == 2);
    CHECK(store->counts().notifications == 2);
    CHECK(store->counts().duplicates == 1);
    check_sums();
}

TEST_CASE_METHOD(GapFixture, "A number that nobody can have counted up to is stored, and is no gap", "[store][loss]") {
    arrive({1, 1ULL << 62U, ~std::uint64_t{0}, 0});
    CHECK(find().size() == 4);
    CHECK(settle() == 0);
    CHECK(store->counts().sent == 4);
    check_sums();
}

TEST_CASE_METHOD(GapFixture, "A batch that fails leaves the accounts as they were", "[store][loss]") {
    arrive({1, 2});
    refuse("number = 4");
    CHECK_THROWS_AS(arrive({3, 4}), StoreError);
    refuse_nothing();
    CHECK(store->counts().sent == 2);
    arrive({3, 4});
    CHECK(settle() == 0);
    check_sums();
}

TEST_CASE_METHOD(GapFixture, "The accounts survive a restart", "[store][loss]") {
    arrive({1, 3});
    CHECK(sweep() == 0);
    store.reset();
    now += 60 * second;
    open();
    CHECK(sweep(grace) == 0); // noticed anew
    CHECK(sweep(grace) == 1);
    CHECK(store->counts().lost == 1);
    check_sums();
}

TEST_CASE_METHOD(GapFixture, "Whatever arrives in whatever order, the sums are right", "[store][loss]") {
    std::mt19937 random(GENERATE(1U, 2U, 3U, 4U, 5U));
    constexpr std::uint64_t most = 120;
    std::vector<std::pair<std::uint8_t, std::uint64_t>> sent;
    for (std::uint8_t producer = 1; producer <= 3; ++producer) {
        for (std::uint64_t sequence = 1; sequence <= most; ++sequence) {
            if (random() % 5 != 0 || sequence == most) {
                sent.emplace_back(producer, sequence);
            }
        }
    }
    const std::size_t arrived = sent.size();
    std::ranges::shuffle(sent, random);
    std::uint8_t id = 0;
    for (const auto& [producer, sequence] : sent) {
        arrive({sequence}, producer);
        if (random() % 40 == 0) {
            store->record({}, std::vector{damage(++id, 1 + random() % 2, producer)});
        }
        if (random() % 30 == 0) {
            (void)settle();
        }
    }
    for (int i = 0; i < 3; ++i) {
        (void)settle();
    }
    check_sums();
    const StoreCounts counts = store->counts();
    CHECK(counts.notifications == arrived);
    CHECK(counts.sent == 3 * most);
    std::uint64_t shown = 0;
    for (const Operation& loss : losses()) {
        shown += loss.loss->kind == LossKind::gap ? loss.loss->count : 0;
    }
    CHECK(shown == counts.lost);
}
