// The order of ending: what cursors and followers go by.
#include "service/store/open.hpp"
#include "service/store/statement.hpp"
#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <set>

using namespace maptrail;
using namespace maptrail::test;

namespace {

struct PlaceFixture : StoreFixture {
    static constexpr auto everything = [](const Operation&) { return true; };

    Reached reached_by(const Query& query) { return store->find(query, everything); }

    [[nodiscard]] std::string ids(const Query& query) const {
        std::string text;
        for (const Operation& operation : find(query)) {
            text += std::to_string(operation.id);
        }
        return text;
    }

    [[nodiscard]] static Query ending() {
        Query query;
        query.by_ending = true;
        return query;
    }

    /// What comes after.
    Query after_place(std::int64_t number) {
        Query query = ending();
        query.from = Place{reached_by(ending()).place.history, number + 1};
        return query;
    }
};

} // namespace

TEST_CASE_METHOD(PlaceFixture, "Operations have places in the order of their ends, once", "[store][places]") {
    const auto a = connect(1, base_time + 1);
    const auto b = connect(2, base_time + 2);
    const auto c = connect(3, base_time + 3);
    record({a, b, c, after(b)});
    CHECK(ids(ending()) == "2");
    record({after(a, 53)});
    CHECK(ids(ending()) == "21");
    CHECK(ids({}) == "123");
    CHECK(find(ending())[0].place == 1);
    CHECK(find(ending())[1].place == 2);
    CHECK(store->counts().ended == 2);

    // Closed without an end; that comes late, and changes what is known of it, not its place.
    CHECK(store->close_pending_of(std::vector{c.process}, "gone", 100) == 1);
    CHECK(find(ending())[2].outcome == Outcome::unknown);
    record({after(c)});
    const auto rows = find(ending());
    REQUIRE(rows.size() == 3);
    CHECK(rows[2].id == 3);
    CHECK(rows[2].place == 3);
    CHECK(rows[2].outcome == Outcome::success);
    CHECK(store->counts().ended == 3);

    // A batch that is given again takes no places.
    record({a, after(a, 53)});
    CHECK(store->counts().ended == 3);
    CHECK(reached_by(ending()).place.number == 3);
}

TEST_CASE_METHOD(PlaceFixture, "Everything that ends gets a place: denials, losses, what is closed",
                 "[store][places]") {
    auto denied = connect(1, base_time + 1);
    denied.decision = Decision::deny;
    denied.judged.denied_status = 5;
    auto lost = connect(9, base_time + 2);
    Loss loss;
    loss.id.fill(3);
    loss.time = base_time + 3;
    store->record(std::vector{denied, lost, connect(2, base_time + 4), connect(3, base_time + 5)}, std::vector{loss});
    CHECK(store->close_pending_before(base_time + 100, "old", 100) == 3);
    const std::chrono::steady_clock::time_point start{std::chrono::hours(1)};
    (void)store->settle_gaps(GapRules{.now = start});
    (void)store->settle_gaps(GapRules{.now = start});
    const auto rows = find(ending());
    REQUIRE(rows.size() == find().size());
    std::int64_t expected = 1;
    for (const Operation& row : rows) {
        CHECK(row.place == expected++);
    }
    CHECK(static_cast<std::int64_t>(store->counts().ended) == expected - 1);
}

TEST_CASE_METHOD(PlaceFixture, "An answer begins at a place and tells how far it went", "[store][places]") {
    for (std::uint64_t i = 1; i <= 5; ++i) {
        const auto n = connect(i, base_time + 10 - static_cast<std::int64_t>(i));
        record({n, after(n, i % 2 == 0 ? 53 : 0)});
    }
    CHECK(ids({}) == "54321");
    CHECK(ids(ending()) == "12345");
    CHECK(ids(after_place(2)) == "345");
    CHECK(ids(after_place(5)).empty());
    CHECK(reached_by(after_place(5)).place.number == 5);

    Query query = after_place(1);
    query.first = 2;
    CHECK(ids(query) == "23");
    CHECK(reached_by(query).place.number == 3);
    query.outcomes = {Outcome::success};
    CHECK(ids(query) == "35");
    CHECK(reached_by(query).place.number == 5);
    query.first = 10;
    query.outcomes = {Outcome::denied};
    CHECK(reached_by(query).place.number == 5); // all were looked at

    query = ending();
    query.newest = 2;
    CHECK(ids(query) == "45");
    query = ending();
    query.since = base_time + 7;
    query.until = base_time + 9;
    CHECK(ids(query) == "23");
    const Reached cut = store->find(ending(), [](const Operation& operation) { return operation.place < 2; });
    CHECK(cut.place.number == 2);

    Query own = ending();
    own.only_user_sid = "S-1-5-21-1-2-3-1002";
    CHECK(ids(own).empty());
    CHECK(reached_by(own).place.number == 5);
}

TEST_CASE_METHOD(PlaceFixture, "Places stay over retention; what was forgotten unseen is known", "[store][places]") {
    for (std::uint64_t i = 1; i <= 4; ++i) {
        const auto n = connect(i, base_time + static_cast<std::int64_t>(i));
        record({n, after(n)});
    }
    const Query after_two = after_place(2);
    CHECK(store->forget_before(base_time + 3, 10) == 2);
    CHECK(reached_by(after_two).problem == PlaceProblem::none);
    CHECK(ids(after_two) == "34");
    CHECK(reached_by(after_place(1)).problem == PlaceProblem::expired);
    CHECK(ids(after_place(1)).empty());

    // When nothing is left at all, the next one goes on.
    CHECK(store->forget_before(base_time + 100, 10) == 2);
    open();
    const Query after_all = after_place(4);
    CHECK(reached_by(after_all).problem == PlaceProblem::none);
    const auto n = connect(5, base_time + 200);
    record({n, after(n)});
    CHECK(ids(after_all) == "5");
    CHECK(find(after_all)[0].place == 5);
}

TEST_CASE_METHOD(PlaceFixture, "A place of another history, or of its future, is refused", "[store][places]") {
    record({connect(1), after(connect(1))});
    Query query = after_place(1);
    CHECK(reached_by(query).problem == PlaceProblem::none);
    ++query.from->number;
    CHECK(reached_by(query).problem == PlaceProblem::foreign);
    query = after_place(0);
    ++query.from->history;
    CHECK(reached_by(query).problem == PlaceProblem::foreign);
    CHECK(find(query).empty());

    StoreFixture other;
    CHECK(other.store->find(ending(), everything).place.history != reached_by(ending()).place.history);
}

TEST_CASE_METHOD(PlaceFixture, "An answer in the order of ending goes by the index", "[store][places]") {
    Database database = raw();
    Statement plan(database, "EXPLAIN QUERY PLAN SELECT * FROM operation WHERE ended >= ?1 AND (ended > ?1 OR id > ?2) "
                             "AND ended <= ?4 AND ended <> 0 AND +start_time >= ?6 AND +start_time <= ?7 AND "
                             "+user_sid = ?5 ORDER BY ended, id");
    REQUIRE(plan.step());
    CHECK(std::string(plan.text(3)).find("operation_ended") != std::string::npos);
    CHECK_FALSE(plan.step()); // no sorting
}

TEST_CASE("A database of version 3 gets places for what has ended", "[store][places]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "old.db";
    {
        const auto old = open_for_writing(file, migrations().first(3));
        for (const char* const row : {"1, 1", "2, 0", "5, 2"}) {
            const std::string sql =
                "INSERT INTO operation (id, outcome, producer, number, half, ticks, recorded_time, action, start_time, "
                "end_time, duration, error, reason, local_name, local_key, remote_name, remote_from, resource_type, "
                "provider, flags, forced, truncated, user_sid, user_name, user_domain, logon_id, session_id, "
                "integrity, elevated, pid, process_started, process_path, bitness, source, decision, host) VALUES (" +
                std::string(row) +
                ", 1, 1, 0, 1, 1, 1, 100, 200, 100, 0, '', 'Z:', 'Z', '\\\\s\\x', 1, 1, '', 0, 0, 0, 'S-1', 'u', "
                "'d', 5, 1, 8192, 0, 7, 50, 'a.exe', 64, 1, 1, 'H')";
            old->execute(sql.c_str());
        }
    }
    const auto store = open_store(
        file, StoreMode::read_write, [] { return base_time; }, "HOST");
    Query query;
    query.by_ending = true;
    std::string ids;
    const Reached reached = store->find(query, [&](const Operation& operation) {
        ids += std::to_string(operation.id);
        return true;
    });
    CHECK(ids == "15");
    CHECK(reached.place.number == 5);
    CHECK(reached.place.history != 0);
    store->record(std::vector{connect(50), after(connect(50))});
    CHECK(store->counts().ended == 6);
}
