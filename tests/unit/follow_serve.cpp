// One reading serves all who follow.
#include "service/follow/follower.hpp"
#include "service/format/ecs_json.hpp"
#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>

using namespace maptrail;
using namespace maptrail::test;

namespace {

struct FollowFixture : StoreFixture {
    void add(std::uint64_t number, const char* sid = "S-1-5-21-1-2-3-1001", std::uint32_t status = 0) const {
        auto n = connect(number, base_time + static_cast<std::int64_t>(number));
        n.identity.user_sid = sid;
        record({n, after(n, status)});
    }

    [[nodiscard]] Query after_place(std::int64_t number) const {
        Query query;
        query.by_ending = true;
        const Reached now = store->find(query, [](const Operation&) { return false; });
        query.from = Place{now.place.history, number + 1};
        return query;
    }

    static std::string ids(const std::string& lines) {
        std::string found;
        std::string_view rest = lines;
        while (!rest.empty()) {
            const std::size_t end = rest.find('\n');
            Operation operation;
            REQUIRE(operation_from_json(nlohmann::json::parse(rest.substr(0, end)), operation));
            found += std::to_string(operation.id);
            rest.remove_prefix(end + 1);
        }
        return found;
    }
};

} // namespace

TEST_CASE_METHOD(FollowFixture, "Each follower gets what he may see and asked for, once", "[follow]") {
    Follower all(after_place(0));
    Query query = after_place(0);
    query.only_user_sid = "S-1-5-21-2";
    Follower own(query);
    query = after_place(0);
    query.outcomes = {Outcome::failure};
    query.servers = {"server"};
    Follower failures(query);
    Follower* const followers[] = {&all, &own, &failures};

    add(1);
    add(2, "S-1-5-21-2");
    record({connect(3)}); // has not ended
    serve(*store, followers);
    CHECK(ids(all.take()) == "12");
    CHECK(ids(own.take()) == "2");
    CHECK(ids(failures.take()).empty());
    CHECK(failures.reached().place.number == 2);

    serve(*store, followers);
    CHECK(all.take().empty());
    record({after(connect(3), 53)});
    add(4, "S-1-5-21-2", 53);
    serve(*store, followers);
    CHECK(ids(all.take()) == "34");
    CHECK(ids(own.take()) == "4");
    CHECK(ids(failures.take()) == "34");
    CHECK(all.from().number == 5);
}

TEST_CASE_METHOD(FollowFixture, "One who comes late or does not read gets all the same, and holds nobody up",
                 "[follow]") {
    std::vector<Notification> batch;
    for (std::uint64_t i = 1; i <= 3'000; ++i) {
        const auto n = connect(i, base_time + static_cast<std::int64_t>(i));
        batch.push_back(n);
        batch.push_back(after(n));
    }
    record(batch);
    Follower late(after_place(0));
    Follower close_by(after_place(2'998));
    Follower* const followers[] = {&late, &close_by};
    serve(*store, followers);
    CHECK(close_by.reached().place.number == 3'000);
    CHECK(std::ranges::count(close_by.take(), '\n') == 2);
    CHECK(late.reached().place.number < 2'000); // no more than what may wait for him

    const auto place = late.reached().place.number;
    serve(*store, followers); // he has not taken it
    CHECK(late.reached().place.number == place);
    std::ptrdiff_t rows = 0;
    for (int i = 0; i < 100 && late.reached().place.number < 3'000; ++i) {
        rows += std::ranges::count(late.take(), '\n');
        serve(*store, followers);
    }
    rows += std::ranges::count(late.take(), '\n');
    CHECK(rows == 3'000);
    CHECK(close_by.take().empty());
}

TEST_CASE_METHOD(FollowFixture, "A place that leads nowhere is told to its follower alone", "[follow]") {
    add(1);
    add(2);
    Follower good(after_place(1));
    Follower expired(after_place(0));
    Query query = after_place(0);
    query.from->history ^= 1U;
    Follower foreign(query);
    CHECK(store->forget_before(base_time + 2, 10) == 1);
    Follower* const followers[] = {&foreign, &good, &expired};
    serve(*store, followers);
    CHECK(foreign.problem() == PlaceProblem::foreign);
    CHECK(expired.problem() == PlaceProblem::expired);
    CHECK(good.problem() == PlaceProblem::none);
    CHECK(ids(good.take()) == "2");
    CHECK(expired.take().empty());
}
