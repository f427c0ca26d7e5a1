// What the store gives to those who act on matched rules.
#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;
using namespace maptrail::test;

namespace {

Notification judged(Notification n, const std::string& rule) {
    MatchedRule matched;
    matched.name = rule;
    matched.phase = n.phase;
    matched.effects = effect::log;
    n.judged.rules = {matched};
    return n;
}

struct MatchedFixture : StoreFixture {
    /// "rule, rule: outcome", one for each operation.
    [[nodiscard]] std::vector<std::string> taken() const {
        std::vector<std::string> texts;
        for (const Operation& operation : store->take_matched()) {
            std::string text;
            for (const MatchedRule& rule : operation.judged.rules) {
                text += (text.empty() ? "" : ", ") + rule.name;
            }
            texts.push_back(text + ": " + std::to_string(static_cast<int>(operation.outcome)));
        }
        return texts;
    }
};

using Texts = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(MatchedFixture, "An operation that rules matched is given when it has ended, once", "[store][rules]") {
    record({judged(connect(1), "a")});
    CHECK(taken().empty());
    record({judged(after(connect(1)), "b"), after(connect(2)), connect(2)});
    CHECK(taken() == Texts{"a, b: 1"});
    CHECK(taken().empty());
    record({judged(connect(1), "a"), judged(after(connect(1)), "b")}); // known already
    CHECK(taken().empty());
}

TEST_CASE_METHOD(MatchedFixture, "Of halves that come late only their own rules are given", "[store][rules]") {
    record({judged(after(connect(1)), "b")});
    CHECK(taken() == Texts{"b: 1"});
    record({judged(connect(1), "a")});
    CHECK(taken() == Texts{"a: 1"});

    record({judged(connect(2), "a")});
    CHECK(store->close_pending_of(std::vector{connect(2).process}, "it ended", 100) == 1);
    CHECK(taken() == Texts{"a: 4"});
    record({judged(after(connect(2), 5), "b")});
    CHECK(taken() == Texts{"b: 2"});

    record({judged(connect(3), "a"), connect(4)});
    CHECK(store->close_pending_before(base_time + second, "too old", 100) == 2);
    CHECK(taken() == Texts{"a: 4"});
}

TEST_CASE_METHOD(MatchedFixture, "A denied operation has ended, and a dropped one is given, too", "[store][rules]") {
    Notification denied = judged(connect(1), "no");
    denied.decision = Decision::deny;
    record({denied});
    CHECK(taken() == Texts{"no: 3"});
    record({after(denied, 1223)}); // with the same rules: of the other phase
    CHECK(taken().empty());

    Notification dropped = judged(connect(2), "noise");
    dropped.drop = true;
    record({dropped});
    CHECK(taken() == Texts{"noise: 0"});
    record({judged(after(connect(2)), "late")});
    CHECK(taken() == Texts{"late: 1"});
}

TEST_CASE_METHOD(MatchedFixture, "Of a batch that was not stored nothing is given", "[store][rules]") {
    record({connect(9)});
    {
        Database other = raw();
        other.execute("BEGIN IMMEDIATE");
        Notification denied = judged(connect(1), "no");
        denied.decision = Decision::deny;
        CHECK_THROWS_AS(record({denied}), StoreError);
        CHECK(taken().empty());
        other.execute("ROLLBACK");
        record({denied});
    }
    CHECK(taken() == Texts{"no: 3"});
}
