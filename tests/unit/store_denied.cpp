#include "service/format/judged_json.hpp"
#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;
using namespace maptrail::test;

namespace {

/// As it comes by the spool when the notifyee refused by itself.
Notification denied(Notification n) {
    n.source = Source::spool;
    n.decision = Decision::deny;
    return n;
}

void check_denied(const Operation& operation) {
    CHECK(operation.outcome == Outcome::denied);
    CHECK(operation.decision == Decision::deny);
    CHECK(operation.error == 1223);
    CHECK(operation.end == operation.start);
    CHECK(operation.duration == 0);
    CHECK(operation.reason.empty());
}

} // namespace

TEST_CASE_METHOD(StoreFixture, "A receipt that came too late: the spool's copy of the frame tells of the veto",
                 "[store]") {
    record({connect(1)});
    SECTION("still pending") {}
    SECTION("closed meanwhile") {
        CHECK(store->close_pending_before(base_time + 1, "no end", 100) == 1);
    }
    record({denied(connect(1))});
    check_denied(one());
    CHECK(one().source == Source::pipe);
    CHECK(store->counts().pending == 0);
    CHECK(store->counts().duplicates == 1);
    record({denied(connect(1))});
    CHECK(store->counts().pending == 0);
}

TEST_CASE_METHOD(StoreFixture, "The same the other way round, and in one batch", "[store]") {
    SECTION("other way") {
        record({denied(connect(1))});
        record({connect(1)});
    }
    SECTION("one batch") {
        record({connect(1), denied(connect(1))});
    }
    check_denied(one());
    CHECK(store->counts().pending == 0);
}

TEST_CASE_METHOD(StoreFixture, "What the notifyee refused by itself no rule denied, whatever rules say afterwards",
                 "[store]") {
    MatchedRule rule;
    rule.name = "no NAS";
    rule.effects = effect::deny;
    rule.phase = Phase::before;
    rule.audit = GENERATE(false, true);
    Notification n = denied(connect(1));
    n.judged.rules = {rule};
    n.judged.denied_status = 5;
    n.judged.would_deny = true;
    record({n});
    check_denied(one());
    CHECK(denying_rule(one()).empty());
}

TEST_CASE_METHOD(StoreFixture, "Only a spooled veto of an operation without its end changes anything", "[store]") {
    record({connect(1)});
    SECTION("over the pipe") {
        Notification n = denied(connect(1));
        n.source = Source::pipe;
        record({n});
        CHECK(one().outcome == Outcome::pending);
    }
    SECTION("no veto") {
        Notification n = connect(1);
        n.source = Source::spool;
        record({n});
        CHECK(one().outcome == Outcome::pending);
    }
    SECTION("it has its end") {
        record({after(connect(1)), denied(connect(1))});
        CHECK(one().outcome == Outcome::success);
    }
}
