#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;
using namespace maptrail::test;

namespace {

/// The answer for the disconnect with that number, made at base_time + 100 s.
struct RemoteFixture : StoreFixture {
    static constexpr std::int64_t when = base_time + 100 * second;

    Operation disconnected(Notification n = disconnect(50, when)) {
        record({n, after(n)});
        Query query;
        query.since = n.time;
        return find(query).at(0);
    }
};

} // namespace

TEST_CASE_METHOD(RemoteFixture, "The session's last connect of the device tells where it pointed", "[store]") {
    auto old = connect(1);
    old.remote_name = R"(\\old\share)";
    auto spelled = connect(2, base_time + second);
    spelled.local_name = "z:";
    record({old, after(old), spelled, after(spelled)});
    const Operation o = disconnected();
    CHECK(o.remote_name == R"(\\server\share)");
    CHECK(o.remote_from == RemoteFrom::record);
}

TEST_CASE_METHOD(RemoteFixture, "A failed connect tells nothing", "[store]") {
    record({connect(1), after(connect(1), 53)});
    CHECK(disconnected().remote_from == RemoteFrom::none);
}

TEST_CASE_METHOD(RemoteFixture, "Another session's, user's or device's connect tells nothing", "[store]") {
    auto session = connect(1);
    session.identity.logon_id = 5;
    auto user = connect(2);
    user.identity.user_sid = "S-1-5-21-9";
    auto device = connect(3);
    device.local_name = "Y:";
    auto later = connect(4, when + second);
    record({session, after(session), user, after(user), device, after(device), later, after(later)});
    const Operation o = disconnected();
    CHECK(o.remote_from == RemoteFrom::none);
    CHECK(o.remote_name.empty());
}

TEST_CASE_METHOD(RemoteFixture, "What was disconnected since is not mapped any more", "[store]") {
    auto removed = disconnect(2, base_time + second);
    auto failed = disconnect(3, base_time + 2 * second);
    record({connect(1), after(connect(1)), removed, after(removed)});
    CHECK(disconnected().remote_from == RemoteFrom::none);

    auto again = connect(4, when + second);
    auto refused = disconnect(5, when + 2 * second);
    record({again, after(again), refused, after(refused, 2401)}); // open files: still mapped
    auto done = disconnect(6, when + 3 * second);
    CHECK(disconnected(done).remote_from == RemoteFrom::record);
}

TEST_CASE_METHOD(RemoteFixture, "A connect that arrives late revises the disconnects after it", "[store]") {
    auto failed = disconnect(49, when - second);
    record({failed, after(failed, 2401)});
    CHECK(disconnected().remote_from == RemoteFrom::none);
    record({connect(1)});
    record({after(connect(1))});
    const auto all = find();
    REQUIRE(all.size() == 3);
    CHECK(all[1].remote_name == R"(\\server\share)");
    CHECK(all[2].remote_name == R"(\\server\share)");
    CHECK(all[2].remote_from == RemoteFrom::record);

    // And a disconnect between the two takes it back.
    auto between = disconnect(2, base_time + second);
    record({between, after(between)});
    Query query;
    query.since = when;
    CHECK(find(query).at(0).remote_from == RemoteFrom::none);
    CHECK(find(query).at(0).remote_name.empty());
}

TEST_CASE_METHOD(RemoteFixture, "The device's own word is not overruled", "[store]") {
    record({connect(1), after(connect(1))});
    auto n = disconnect(50, when);
    n.device = R"(\Device\Mup\;LanmanRedirector\;Z:000000000001234f\other\share)";
    const Operation o = disconnected(n);
    CHECK(o.remote_name == R"(\\other\share)");
    CHECK(o.remote_from == RemoteFrom::device);
}
