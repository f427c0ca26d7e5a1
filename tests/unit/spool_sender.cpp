#include "service/spool/sender.hpp"
#include "tests/unit/spool_sample.hpp"

#include <catch_amalgamated.hpp>

#include <limits>

using namespace maptrail;
using namespace maptrail::spool;
using namespace maptrail::spool_test;

namespace {

Notification recorded(const wire::SpoolOrigin& origin, const std::vector<std::byte>& frame) {
    const Sender sender = sender_of(origin, "S-1-5-21-1-2-3-1001");
    Judge judge;
    Judge::Turn turn(judge);
    const Arrival arrival = arrival_of(sender, frame, 1'700'000'000'000'000'000, turn);
    std::vector<std::byte> record(max_envelope_head);
    record.resize(encode_envelope(arrival, frame.size(), record));
    record.insert(record.end(), frame.begin(), frame.end());
    Notification notification;
    REQUIRE(decode_envelope(record, notification) == EnvelopeError::none);
    return notification;
}

} // namespace

TEST_CASE("spool sender: the user is the file's owner, the rest is the writer's word, and the record says spool") {
    const Notification notification = recorded(make_origin(), make_frame(5));
    CHECK(notification.source == Source::spool);
    CHECK(notification.decision == Decision::allow);
    CHECK(notification.identity.user_sid == "S-1-5-21-1-2-3-1001");
    CHECK(notification.identity.logon_id == 0x1234567890);
    CHECK(notification.identity.session_id == 3);
    CHECK(notification.identity.integrity == 0x2000);
    CHECK(notification.identity.elevated);
    CHECK(notification.process.pid == 4711);
    CHECK(notification.process.bitness == 64);
    CHECK(notification.process.path == "C:\\Program Files\\caller.exe");
    CHECK(notification.process.started == filetime_to_unix_ns(132'999'999'990'000'000));
    CHECK(notification.time == filetime_to_unix_ns(133'000'000'010'000'000)); // months before it was collected
    CHECK_FALSE(notification.truncated);
}

TEST_CASE("spool sender: a connection that the notifyee refused by itself is recorded as denied") {
    const Notification notification =
        recorded(make_origin(), make_frame(5, u"\\\\s\\s", wire::attribute::denied_unrecorded));
    CHECK(notification.decision == Decision::deny);
}

TEST_CASE("spool sender: words that cannot be true do no harm") {
    wire::SpoolOrigin origin = make_origin();
    origin.attributes = wire::spool_attribute::path_cut;
    origin.path = u"C:\\\xD800";
    for (const std::uint64_t started :
         {std::uint64_t{0}, std::uint64_t{1}, std::numeric_limits<std::uint64_t>::max()}) {
        origin.process_started = started;
        const Notification notification = recorded(origin, make_frame(5));
        CHECK(notification.process.started == 0);
        CHECK(notification.process.path == "C:\\\xEF\xBF\xBD");
        CHECK(notification.process.bitness == 32);
        CHECK(notification.truncated);
        CHECK_FALSE(notification.identity.elevated);
    }
}
