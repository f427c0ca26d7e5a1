// What rules said, in the store and on its way out.
#include "service/format/ecs_json.hpp"
#include "service/format/judged_json.hpp"
#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;
using namespace maptrail::test;

namespace {

MatchedRule matched(const char* name, std::uint16_t effects, Phase phase = Phase::before) {
    MatchedRule rule;
    rule.name = name;
    rule.phase = phase;
    rule.effects = effects;
    rule.severity = 50;
    rule.tags = {"tag of " + std::string(name)};
    rule.technique = "T1021.002";
    return rule;
}

Notification judged(Notification n, std::vector<MatchedRule> rules, std::uint64_t config = 0xABCD) {
    n.judged.rules = std::move(rules);
    n.config = config;
    return n;
}

Notification dropped(Notification n) {
    n.drop = true;
    return n;
}

/// As the command line gets it from the service.
Operation over_the_pipe(const Operation& operation) {
    Operation again;
    REQUIRE(operation_from_json(operation_to_json(operation), again));
    return again;
}

} // namespace

TEST_CASE_METHOD(StoreFixture, "rules of both halves are kept, with the versions that judged, in either order",
                 "[store][rules]") {
    const Notification before = judged(connect(1), {matched("first", effect::tag)}, 0xFFFFFFFFFFFFFFFF);
    const Notification end = judged(after(connect(1), 53), {matched("failed", effect::log, Phase::after)}, 7);
    SECTION("in order") {
        record({before, end});
    }
    SECTION("the other way round") {
        record({end});
        record({before});
    }
    const Operation operation = one();
    REQUIRE(operation.judged.rules.size() == 2);
    CHECK(operation.judged.rules[0] == before.judged.rules[0]);
    CHECK(operation.judged.rules[1] == end.judged.rules[0]);
    CHECK(operation.config_before == 0xFFFFFFFFFFFFFFFF);
    CHECK(operation.config_after == 7);
    const Operation again = over_the_pipe(operation);
    CHECK(again.judged == operation.judged);
    CHECK(again.config_before == operation.config_before);
    CHECK(again.config_after == operation.config_after);
}

TEST_CASE_METHOD(StoreFixture, "the text of a configuration is kept, once", "[store][rules]") {
    const ConfigVersion version{0xFF, 1, 2};
    store->keep_config(version, "{ } // first");
    now += second;
    store->keep_config(version, "{ } // the same version, so nobody says anything else");
    CHECK(store->config_of(short_version(version)) == "{ } // first");
    CHECK(store->config_of(7) == std::nullopt);
    Database database = raw();
    CHECK(database.integer("SELECT count(*) FROM config WHERE first_time = 1700000000000000000") == 1);
    CHECK(database.text("SELECT hex(sha256) FROM config").starts_with("FF0102000000"));
}

TEST_CASE_METHOD(StoreFixture, "a denial has its rule and its error", "[store][rules]") {
    Notification n = judged(connect(1), {matched("no NAS", effect::deny)});
    n.decision = Decision::deny;
    n.judged.denied_status = 5;
    record({n});
    const Operation operation = one();
    CHECK(operation.outcome == Outcome::denied);
    CHECK(operation.error == 5);
    CHECK_FALSE(operation.judged.would_deny);
    CHECK(denying_rule(operation) == "no NAS");
    const auto json = operation_to_json(operation);
    CHECK(json["rule"]["name"] == "no NAS");
    CHECK(json["mapping"]["decision"] == "deny");
    CHECK_FALSE(json["mapping"].contains("dry_run"));
    CHECK(over_the_pipe(operation).judged == operation.judged);
}

TEST_CASE_METHOD(StoreFixture, "what would have been denied is said so, and went through", "[store][rules]") {
    MatchedRule audit = matched("try it", effect::deny);
    audit.audit = true;
    Notification n = judged(connect(1), {audit});
    n.judged.would_deny = true;
    n.judged.denied_status = 5;
    record({n, after(connect(1))});
    const Operation operation = one();
    CHECK(operation.outcome == Outcome::success);
    CHECK(operation.decision == Decision::allow);
    CHECK(operation.judged.would_deny);
    const auto json = operation_to_json(operation);
    CHECK(json["mapping"]["decision"] == "deny");
    CHECK(json["mapping"]["dry_run"] == true);
    CHECK_FALSE(json.contains("tags")); // those of a rule in audit mode are not applied
    const Operation again = over_the_pipe(operation);
    CHECK(again.judged == operation.judged);
    CHECK(again.decision == Decision::allow);
}

TEST_CASE_METHOD(StoreFixture, "what a rule drops is counted, not stored, neither half of it, however often it comes",
                 "[store][rules]") {
    const auto of_new_program = [](Notification n) {
        n.process.started = base_time + 1; // so that its first number is 1
        return n;
    };
    const Notification before = dropped(of_new_program(connect(1)));
    const Notification end = of_new_program(after(connect(1)));
    SECTION("in order") {
        record({before, end});
    }
    SECTION("the after-call first") {
        record({end});
        record({before});
    }
    record({before, end, of_new_program(connect(2))});
    CHECK(find().size() == 1);
    CHECK(store->counts().dropped == 1);
    CHECK(store->counts().operations == 1);
    CHECK(store->counts().pending == 1);
    CHECK(store->counts().notifications == 3);
    CHECK(store->counts().duplicates == 2);
    CHECK(store->settle_gaps({}) == 0);

    now += 100 * second;
    CHECK(store->forget_before(now, 10) == 1); // the one that is open stays
    CHECK(raw().integer("SELECT count(*) FROM dropped") == 0);
    CHECK(raw().integer("SELECT count(*) FROM frame") == 1);
}

TEST_CASE("what rules said is read back from JSON, and nothing else is", "[rules]") {
    Judged all;
    all.rules = {matched("a", effect::deny | effect::run), matched("b", effect::drop | effect::allow, Phase::after)};
    Judged again;
    REQUIRE(rules_from_json(nlohmann::json::parse(rules_to_json(all).dump()), again));
    CHECK(again.rules == all.rules);
    for (const char* text : {"{}", "[1]", "[{}]", R"([{"name":"a","mode":"x","phase":"before","effects":[]}])",
                             R"([{"name":"a","mode":"audit","phase":"before","effects":["explode"]}])",
                             R"([{"name":"a","mode":"audit","phase":"before","effects":[],"severity":101}])",
                             R"([{"name":"a","mode":"audit","phase":"before","effects":[],"tags":[1]}])"}) {
        CAPTURE(text);
        CHECK_FALSE(rules_from_json(nlohmann::json::parse(text), again));
    }
}

TEST_CASE("tags and severity are those of enforced rules, each once", "[rules]") {
    Judged judged;
    judged.rules = {matched("a", effect::tag), matched("a", effect::tag), matched("b", effect::tag)};
    judged.rules[2].audit = true;
    judged.rules[2].severity = 90;
    CHECK(tags_of(judged) == std::vector<std::string>{"tag of a"});
    CHECK(severity_of(judged) == 50);
}
