#include "tests/unit/store_fixture.hpp"

#include "service/format/time_text.hpp"
#include "service/store/correlate.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>

using namespace maptrail;
using namespace maptrail::test;

namespace {

Operation joined(const std::vector<Notification>& notifications) {
    OperationRecord record;
    for (const Notification& n : notifications) {
        add(record, n);
    }
    return record.operation;
}

/// Both orders must give the same; returns it.
Operation either_order(const Notification& before, const Notification& after) {
    const Operation a = joined({before, after});
    const Operation b = joined({after, before});
    CHECK(a.outcome == b.outcome);
    CHECK(a.start == b.start);
    CHECK(a.end == b.end);
    CHECK(a.duration == b.duration);
    CHECK(a.error == b.error);
    CHECK(a.reason == b.reason);
    CHECK(a.local_name == b.local_name);
    CHECK(a.remote_name == b.remote_name);
    CHECK(a.remote_from == b.remote_from);
    CHECK(a.provider == b.provider);
    CHECK(a.flags == b.flags);
    CHECK(a.resource_type == b.resource_type);
    CHECK(a.forced == b.forced);
    CHECK(a.truncated == b.truncated);
    CHECK(a.identity.user_sid == b.identity.user_sid);
    CHECK(a.process.pid == b.process.pid);
    CHECK(a.process.path == b.process.path);
    CHECK(a.source == b.source);
    CHECK(a.decision == b.decision);
    return a;
}

} // namespace

TEST_CASE("Before and after become one operation", "[store]") {
    const Operation ok = either_order(connect(1), after(connect(1)));
    CHECK(ok.outcome == Outcome::success);
    CHECK(ok.start == base_time);
    CHECK(ok.end == base_time + 5'000'000);
    CHECK(ok.duration == 5'000'000);
    CHECK(ok.error == 0);
    CHECK(ok.reason.empty());
    CHECK(ok.remote_from == RemoteFrom::call);

    const Operation bad = either_order(connect(1), after(connect(1), 53));
    CHECK(bad.outcome == Outcome::failure);
    CHECK(bad.error == 53);
}

TEST_CASE("Duration comes from the monotonic clock, and an end is never before its start", "[store]") {
    Notification late = after(connect(1));
    late.time = base_time - 3600 * second;
    const Operation back = either_order(connect(1), late);
    CHECK(back.duration == 5'000'000);
    CHECK(back.end == base_time + 5'000'000);

    late.ticks = 0; // another machine's idea of monotonic
    const Operation lost = either_order(connect(1), late);
    CHECK(lost.duration == -1);
    CHECK(lost.end == lost.start);

    late.ticks = ~std::uint64_t{0};
    late.time = base_time + second;
    CHECK(either_order(connect(1), late).duration == -1);
}

TEST_CASE("Absurd ticks give no duration, and no end out of range", "[store]") {
    constexpr std::uint64_t year = 366ULL * 24 * 60 * 60 * 10'000'000;
    Notification before = connect(1);
    before.ticks = 0;
    Notification then = after(connect(1));
    then.ticks = year;
    CHECK(either_order(before, then).duration == static_cast<std::int64_t>(year) * 100);
    for (const std::uint64_t ticks : {year + 1, ~std::uint64_t{0} / 200, ~std::uint64_t{0}}) {
        then.ticks = ticks;
        then.time = base_time - second;
        const Operation operation = either_order(before, then);
        CHECK(operation.duration == -1);
        CHECK(operation.end == operation.start);
    }
    before.time = latest_recorded;
    then.time = base_time;
    then.ticks = year;
    CHECK(either_order(before, then).end == latest_recorded);
}

TEST_CASE("What one notification lacks the other fills in", "[store]") {
    Notification before = connect(1);
    before.resource_type = 0;
    before.process.path.clear();
    Notification then = after(connect(1));
    then.provider = "Microsoft Windows Network";
    then.truncated = true;
    then.flags = 99; // the before-call's flags count
    const Operation operation = either_order(before, then);
    CHECK(operation.provider == "Microsoft Windows Network");
    CHECK(operation.resource_type == 1);
    CHECK(operation.flags == 4);
    CHECK(operation.truncated);
    CHECK(operation.process.path == R"(C:\Windows\System32\net.exe)");
}

TEST_CASE("The pipe's word on the caller outweighs a spool file's", "[store]") {
    Notification before = connect(1);
    before.source = Source::spool;
    before.identity.user_sid = "S-1-5-32-544";
    before.process = {};
    Operation operation = either_order(before, after(connect(1)));
    CHECK(operation.identity.user_sid == "S-1-5-21-1-2-3-1001");
    CHECK(operation.process.pid == 4242);
    CHECK(operation.source == Source::pipe);

    Notification then = after(connect(1));
    then.identity.user_sid = "S-1-5-21-9";
    CHECK(either_order(connect(1), then).identity.user_sid == "S-1-5-21-1-2-3-1001");
}

TEST_CASE("A veto closes the operation, unless the router went on", "[store]") {
    Notification before = connect(1);
    before.decision = Decision::deny;
    const Operation denied = joined({before});
    CHECK(denied.outcome == Outcome::denied);
    CHECK(denied.error == 1223);
    CHECK(denied.end == denied.start);

    CHECK(either_order(before, after(connect(1), 1223)).outcome == Outcome::denied);
    const Operation ignored = either_order(before, after(connect(1)));
    CHECK(ignored.outcome == Outcome::success);
    CHECK(ignored.decision == Decision::deny);
    CHECK(ignored.reason == "the router went on in spite of the veto");
}

TEST_CASE("An after-call alone is an operation without a duration", "[store]") {
    const Operation operation = joined({after(connect(1), 67)});
    CHECK(operation.outcome == Outcome::failure);
    CHECK(operation.start == base_time + 5'000'000);
    CHECK(operation.end == operation.start);
    CHECK(operation.duration == -1);
    CHECK(operation.reason == "no notification before the operation");
}

TEST_CASE("Where a disconnect's remote name comes from", "[store]") {
    Notification drive = disconnect(1);
    drive.device = R"(\Device\LanmanRedirector\;Z:000000000001234f\server\share)";
    Operation operation = either_order(drive, after(drive));
    CHECK(operation.local_name == "Z:");
    CHECK(operation.remote_name == R"(\\server\share)");
    CHECK(operation.remote_from == RemoteFrom::device);

    Notification bare = disconnect(1);
    bare.local_name = R"(\\server\ipc$)";
    operation = either_order(bare, after(bare));
    CHECK(operation.local_name.empty());
    CHECK(operation.remote_name == R"(\\server\ipc$)");
    CHECK(operation.remote_from == RemoteFrom::call);

    Notification local_disk = disconnect(1);
    local_disk.device = R"(\Device\HarddiskVolume3)";
    operation = either_order(local_disk, after(local_disk, 2250));
    CHECK(operation.remote_name.empty());
    CHECK(operation.remote_from == RemoteFrom::none);
}
