#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;
using namespace maptrail::test;

TEST_CASE_METHOD(StoreFixture, "A search that finds nothing can be stopped", "[store]") {
    std::vector<Notification> batch;
    constexpr std::int64_t number = 40'000;
    for (std::int64_t i = 1; i <= number; ++i) {
        auto n = connect(static_cast<std::uint64_t>(i), base_time + i);
        n.process.pid = i == number ? 7 : 8; // the one that fits comes last
        batch.push_back(n);
    }
    record(batch);
    const auto search = [&](const Query& query, int most_asked) {
        int asked = 0;
        std::size_t found = 0;
        store->find(
            query,
            [&](const Operation&) {
                ++found;
                return true;
            },
            [&] { return ++asked < most_asked; });
        return std::pair(asked, found);
    };
    Query query;
    query.pids = {7};
    const auto [asked, found] = search(query, 1'000);
    CHECK(found == 1);
    CHECK(asked >= 4); // 40,000 rows that do not fit are no reason to be out of reach
    CHECK(asked < 20);
    CHECK(search(query, 2) == std::pair(2, std::size_t{0}));
    CHECK(search(query, 1) == std::pair(1, std::size_t{0}));

    Query backward;
    backward.newest_first = true;
    backward.pids = {9};
    CHECK(search(backward, 2) == std::pair(2, std::size_t{0}));
    CHECK(search(backward, 1'000).first >= 4);

    // The search for where the newest ones begin.
    Query newest;
    newest.newest = 1;
    newest.pids = {9};
    CHECK(search(newest, 2).first <= 3);
    CHECK(search(newest, 1'000).first >= 4);

    // What lies outside of the asked time is not looked at.
    Query early;
    early.newest_first = true;
    early.until = base_time + 10;
    CHECK(search(early, 1'000) == std::pair(1, std::size_t{9}));
}
