#include "service/store/statement.hpp"
#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>
#include <thread>

using namespace maptrail;
using namespace maptrail::test;

namespace {

struct FindFixture : StoreFixture {
    FindFixture() {
        auto a = connect(1, base_time + 1); // success by user1
        auto b = connect(2, base_time + 2); // failure by büro2, from a 32-bit program
        b.local_name = "y:";
        b.remote_name = "\\\\Stra\xC3\x9F"
                        "e\\\xC3\x84rger";
        b.identity.user_sid = "S-1-5-21-1-2-3-1002";
        b.identity.user_name = "b\xC3\xBCro2";
        b.process.pid = 7;
        b.process.path = R"(C:\Program Files (x86)\Tool\Map [1].exe)";
        auto c = connect(3, base_time + 3); // no device, not finished
        c.local_name.clear();
        auto d = disconnect(4, base_time + 4); // denied
        d.decision = Decision::deny;
        record({a, after(a), b, after(b, 53), c, d});
    }
};

template <typename T>
Query where(std::vector<T> Query::*list, std::vector<T> values) {
    Query query;
    query.*list = std::move(values);
    return query;
}

} // namespace

TEST_CASE_METHOD(FindFixture, "Order, newest and time", "[store]") {
    Query query;
    CHECK(ids(query) == "1234");
    query.newest = 2;
    CHECK(ids(query) == "34");
    query.newest_first = true;
    CHECK(ids(query) == "43");
    query.newest = 0;
    CHECK(ids(query).empty());
    query.newest_first = false;
    CHECK(ids(query).empty());
    query.newest = 100;
    CHECK(ids(query) == "1234");
    query.newest.reset();
    query.since = base_time + 2;
    query.until = base_time + 4;
    CHECK(ids(query) == "23");
    query.newest_first = true;
    CHECK(ids(query) == "32");
    query.newest = 1;
    CHECK(ids(query) == "3");
    query.since = base_time + 4;
    query.until = std::numeric_limits<std::int64_t>::min();
    CHECK(ids(query).empty());
}

TEST_CASE_METHOD(FindFixture, "Filters", "[store]") {
    const auto users = [&](std::vector<std::string> v) { return ids(where(&Query::users, std::move(v))); };
    CHECK(users({"USER1"}) == "134");
    CHECK(users({"B\xC3\x9CRO2"}) == "2");
    CHECK(users({"corp\\*"}) == "1234");
    CHECK(users({"user1@corp"}) == "134");
    CHECK(users({"s-1-5-21-1-2-3-1002"}) == "2");
    CHECK(users({"user"}).empty());
    CHECK(users({"nobody", "b*"}) == "2");

    const auto remotes = [&](std::vector<std::string> v) { return ids(where(&Query::remotes, std::move(v))); };
    CHECK(remotes({R"(\\SERVER\*)"}) == "134");
    CHECK(remotes({"*\xC3\xA4RGER"}) == "2");
    CHECK(remotes({"*"}) == "1234");

    const auto drives = [&](std::vector<std::string> v) { return ids(where(&Query::drives, std::move(v))); };
    CHECK(drives({"Y"}) == "2");
    CHECK(drives({"Y:"}) == "2");
    CHECK(drives({"*"}) == "124"); // any drive, not none
    CHECK(drives({"?:"}) == "124");
    CHECK(drives({""}) == "3");

    const auto programs = [&](std::vector<std::string> v) { return ids(where(&Query::programs, std::move(v))); };
    CHECK(programs({"net.EXE"}) == "134");
    CHECK(programs({"map [1].exe"}) == "2");
    CHECK(programs({"Program Files"}).empty());
    CHECK(programs({"c:/program files*"}) == "2");

    CHECK(ids(where(&Query::pids, {7U, 8U})) == "2");
    CHECK(ids(where(&Query::actions, {Action::disconnect})) == "4");
    CHECK(ids(where(&Query::outcomes, {Outcome::unknown})) == "3");
    CHECK(ids(where(&Query::outcomes, {Outcome::denied, Outcome::success})) == "14");
    CHECK(ids(where(&Query::errors, {53U})) == "2");
    CHECK(ids(where(&Query::errors, {1223U})) == "4");
}

TEST_CASE_METHOD(FindFixture, "Operations are found by their numbers, by the primary key and with the other filters",
                 "[store]") {
    Query query;
    query.ids = {3, 1, 77};
    CHECK(ids(query) == "13");
    query.newest_first = true;
    CHECK(ids(query) == "31");
    query.newest = 1;
    CHECK(ids(query) == "3");
    query = where(&Query::ids, std::vector<std::int64_t>{2, 3});
    query.only_user_sid = "S-1-5-21-1-2-3-1002";
    CHECK(ids(query) == "2");
    query.since = base_time + 3;
    CHECK(ids(query).empty());
    CHECK(ids(where(&Query::ids, std::vector<std::int64_t>{-1, 0})).empty());

    // As the finder asks: a row at a time, whatever the size of the table.
    Database database = raw();
    Statement plan(database, "EXPLAIN QUERY PLAN SELECT * FROM operation WHERE +start_time >= ?1 AND id <= ?3 AND "
                             "+user_sid = ?5 AND id IN (1,2) ORDER BY start_time, id");
    REQUIRE(plan.step());
    CHECK(plan.text(3).find("INTEGER PRIMARY KEY") != std::string_view::npos);
}

TEST_CASE_METHOD(FindFixture, "What is asked of one drive is found by the index on drives", "[store]") {
    Query query;
    query.drives = {"z:"};
    CHECK(ids(query) == "14");
    query.since = base_time + 2;
    CHECK(ids(query) == "4");
    query.since.reset();
    query.newest = 1;
    CHECK(ids(query) == "4");
    query.newest_first = true;
    query.newest = 5;
    CHECK(ids(query) == "41");
    query.only_user_sid = "S-1-5-21-1-2-3-1002";
    CHECK(ids(query).empty());
    query.drives = {"q"};
    query.only_user_sid.reset();
    CHECK(ids(query).empty());
    // As the finder asks.
    Database database = raw();
    for (const char* const order : {"start_time >= ?1 AND (start_time > ?1 OR id > ?2) AND start_time <= ?4 AND id <= "
                                    "?3 AND local_key = ?8 ORDER BY start_time, id",
                                    "start_time <= ?1 AND (start_time < ?1 OR id < ?2) AND start_time >= ?4 AND id <= "
                                    "?3 AND local_key = ?8 ORDER BY start_time DESC, id DESC"}) {
        Statement plan(database, "EXPLAIN QUERY PLAN SELECT * FROM operation WHERE " + std::string(order));
        REQUIRE(plan.step());
        CHECK(plan.text(3).find("operation_local (local_key=? AND start_time>? AND start_time<?)") !=
              std::string_view::npos);
        CHECK_FALSE(plan.step()); // nothing is sorted
    }
}

TEST_CASE_METHOD(FindFixture, "Filters hold together, and newest counts what fits", "[store]") {
    Query query;
    query.users = {"user1"};
    query.drives = {"z"};
    CHECK(ids(query) == "14");
    query.newest = 1;
    CHECK(ids(query) == "4");
    query.pids = {7};
    CHECK(ids(query).empty());

    Query own;
    own.only_user_sid = "S-1-5-21-1-2-3-1002";
    CHECK(ids(own) == "2");
    own.users = {"user1"};
    CHECK(ids(own).empty());
    own.only_user_sid = "";
    own.users.clear();
    CHECK(ids(own).empty());
}

TEST_CASE_METHOD(StoreFixture, "Long answers come complete, in order, and can be stopped", "[store]") {
    std::vector<Notification> batch;
    constexpr std::int64_t number = 20'000;
    for (std::int64_t i = 1; i <= number; ++i) {
        auto n = connect(static_cast<std::uint64_t>(i), base_time + i / 3); // many share their start
        n.process.pid = static_cast<std::uint32_t>(i % 1000);
        batch.push_back(n);
    }
    record(batch);
    const auto in_order = [](const std::vector<Operation>& all, bool newest_first) {
        return std::ranges::adjacent_find(all, [newest_first](const Operation& a, const Operation& b) {
                   const bool up = std::pair(a.start, a.id) < std::pair(b.start, b.id);
                   return up == newest_first;
               }) == all.end();
    };
    Query query;
    CHECK(find(query).size() == number);
    CHECK(in_order(find(query), false));
    query.newest_first = true;
    CHECK(find(query).size() == number);
    CHECK(in_order(find(query), true));
    query.newest_first = false;
    query.newest = 7001;
    CHECK(find(query).size() == 7001);
    CHECK(find(query).back().id == number);
    CHECK(find(query).front().id == number - 7000);
    query.pids = {3};
    query.newest = 5;
    const auto few = find(query);
    REQUIRE(few.size() == 5);
    CHECK(few.back().id == number - 997);
    CHECK(few.front().id == number - 4997);

    int seen = 0;
    store->find({}, [&seen](const Operation&) { return ++seen < 300; });
    CHECK(seen == 300);
}

TEST_CASE_METHOD(StoreFixture, "A reader on another thread sees what is committed, and holds nobody up", "[store]") {
    record({connect(1), connect(2)});
    std::vector<Operation> found;
    std::string failure;
    std::int64_t busy = -1;
    std::thread([&] {
        try {
            const auto reader = open_store(
                file, StoreMode::read_only, [] { return base_time; }, "");
            reader->find({}, [&](const Operation& operation) {
                if (operation.id == 1) {
                    // While the answer is under way, the writer goes on; what it adds is not part of the answer.
                    record({connect(3), after(connect(2))});
                    busy = raw().integer("PRAGMA wal_checkpoint(TRUNCATE)");
                }
                found.push_back(operation);
                return true;
            });
            if (reader->counts().operations != 3) {
                failure = "counts";
            }
        } catch (const std::exception& error) {
            failure = error.what();
        }
    }).join();
    CHECK(failure.empty());
    CHECK(busy == 0);
    CHECK(found.size() == 2);
    CHECK(find().size() == 3);
}
