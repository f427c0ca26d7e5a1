// The groups of callers, on their way from the listener to the history.
#include "service/format/ecs_json.hpp"
#include "service/inbox/group_set_record.hpp"
#include "service/inbox/group_set_teller.hpp"
#include "service/inbox/loss_notice.hpp"
#include "tests/unit/drain_fixture.hpp"
#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <random>

using namespace maptrail;

namespace {

GroupSet set_of(std::vector<std::string> sids) {
    return {group_set_id(sids), std::move(sids)};
}

const std::vector<std::string> everybody{"S-1-1-0", "S-1-5-11", "S-1-5-32-545"};

struct TellerFixture {
    inbox_test::Folder folder;
    std::unique_ptr<Inbox> inbox = Inbox::open(folder / "inbox", 1U << 20U);
    maptrail::Throttle::Clock::time_point time{}; // rules have a Throttle too
    GroupSetTeller teller{*inbox, [this] { return time; }};

    bool tell(std::string_view user, const std::string& group) {
        const GroupSet set = set_of({group});
        return teller.tell(user, set.id, set.sids);
    }
    std::uint64_t told() { return inbox->counts().appended; }
};

} // namespace

TEST_CASE("A set of groups comes out of its record as it went in", "[groups]") {
    for (const auto& sids : {std::vector<std::string>{}, everybody}) {
        const GroupSet set = set_of(sids);
        const auto record = encode_group_set(set);
        REQUIRE(is_group_set(record));
        CHECK_FALSE(is_loss_notice(record));
        GroupSet again;
        REQUIRE(decode_group_set(record, again));
        CHECK(again.id == set.id);
        CHECK(again.sids == set.sids);
    }
    CHECK(group_set_id({}) != group_set_id(everybody));
    CHECK(group_set_id({"S-1-1-0"}) != group_set_id({"S-1-1-0", "S-1-1-1"}));
    CHECK(encode_group_set({1, std::vector<std::string>(most_groups + 1, "S-1-1-0")}).empty());
}

TEST_CASE("Any bytes give a set of groups that is sorted and bounded, or none", "[groups]") {
    const auto good = encode_group_set(set_of(everybody));
    std::mt19937 random(7);
    std::size_t decoded = 0;
    for (int round = 0; round < 20'000; ++round) {
        auto bytes = good;
        bytes[random() % bytes.size()] = static_cast<std::byte>(random() & 0xFFU);
        if (round % 3 == 0) {
            bytes.resize(random() % (bytes.size() + 1));
            bytes.shrink_to_fit();
        }
        GroupSet set;
        if (decode_group_set(bytes, set)) {
            ++decoded;
            REQUIRE(std::ranges::is_sorted(set.sids));
            REQUIRE(set.id == group_set_id(set.sids));
        }
    }
    CHECK(decoded > 0);
}

TEST_CASE_METHOD(drain_test::DrainFixture, "Sets of groups reach the store with what names them", "[groups][drain]") {
    const GroupSet set = set_of(everybody);
    REQUIRE(inbox->append(encode_group_set(set)));
    arrive(1);
    start();
    REQUIRE(drain_test::eventually([&] { return drain->counts().stored == 1; }));
    drain->stop();
    store.with([&](drain_test::StoreState& state) {
        REQUIRE(state.group_sets.size() == 1);
        CHECK(state.group_sets[0].sids == set.sids);
    });
    CHECK(drain->counts().unreadable == 0);
}

TEST_CASE_METHOD(test::StoreFixture, "The history knows the groups of an operation's caller", "[groups][store]") {
    const GroupSet set = set_of(everybody);
    store->keep_groups(std::vector{set, set});
    store->keep_groups(std::vector{set});
    Notification n = test::connect(1);
    n.identity.group_set = set.id;
    record({n, test::after(n)});
    const Operation found = one();
    CHECK(found.identity.group_set == set.id);
    CHECK(store->groups_of(set.id) == set.sids);
    CHECK(store->groups_of(set.id + 1) == std::nullopt);
    Operation again;
    REQUIRE(operation_from_json(operation_to_json(found), again));
    CHECK(again.identity.group_set == set.id);

    raw().execute("UPDATE group_set SET sids = '{'");
    CHECK(store->groups_of(set.id) == std::nullopt);
}

TEST_CASE_METHOD(TellerFixture, "A set of groups is told once", "[groups]") {
    CHECK(tell("S-1-5-21-1", "S-1-1-0"));
    CHECK(tell("S-1-5-21-1", "S-1-1-0"));
    CHECK(tell("S-1-5-21-2", "S-1-1-0"));
    CHECK(told() == 1);
    CHECK_FALSE(teller.tell("S-1-5-21-1", 0, everybody));
    CHECK_FALSE(teller.tell("S-1-5-21-1", 7, std::vector<std::string>(most_groups + 1, "S-1-1-0")));
    CHECK(told() == 1);
    InboxRecords records;
    REQUIRE(inbox->read(10, 1U << 20U, records) == 1);
    GroupSet set;
    REQUIRE(decode_group_set(records[0], set));
    CHECK(set.sids == std::vector<std::string>{"S-1-1-0"});
}

TEST_CASE_METHOD(TellerFixture, "A user adds so many sets of groups a day; those that are known stay so", "[groups]") {
    int taken = 0;
    for (int i = 0; i < 1'000; ++i) {
        taken += tell("S-1-5-21-1", "S-1-5-21-9-" + std::to_string(i)) ? 1 : 0;
    }
    CHECK(taken == most_new_sets_a_day);
    CHECK(told() == most_new_sets_a_day);
    CHECK(tell("S-1-5-21-1", "S-1-5-21-9-0"));
    CHECK_FALSE(tell("S-1-5-21-1", "S-1-5-21-9-999"));
    CHECK(tell("S-1-5-21-2", "S-1-5-21-9-999")); // somebody else's first
    CHECK(tell("S-1-5-21-1", "S-1-5-21-9-999")); // which the history has now
    time += std::chrono::hours(24);
    CHECK(tell("S-1-5-21-1", "S-1-5-21-9-998"));
}

TEST_CASE_METHOD(TellerFixture, "A set that found no room is told later, and uses up no more of the user's share",
                 "[groups]") {
    const std::vector<std::byte> filling(1'000);
    while (inbox->append(filling)) {
    }
    const std::uint64_t full = told();
    const std::string long_sid = "S-1-5-21-" + std::string(1'500, '1');
    for (std::uint32_t i = 0; i < 2 * most_new_sets_a_day; ++i) {
        CHECK_FALSE(tell("S-1-5-21-1", long_sid));
    }
    InboxRecords records;
    inbox->release(inbox->read(100, 1U << 20U, records));
    CHECK(tell("S-1-5-21-1", long_sid));
    CHECK(told() == full + 1);
    CHECK(tell("S-1-5-21-1", "S-1-1-0"));
}
