#include "tests/unit/rules_fixture.hpp"

#include <algorithm>

using namespace maptrail;
using namespace maptrail::rules;
using namespace maptrail::rules_test;

TEST_CASE("the first rule that denies decides; what follows still tags", "[rules]") {
    Rule tag = rule("tag all", Mode::enforce);
    tag.tags = {"seen"};
    Rule nas = rule("no NAS", Mode::enforce, texts(Field::remote, {"\\\\nas\\*"}));
    nas.deny = 5;
    Rule later = rule("later", Mode::enforce);
    later.deny = 1223;
    const RuleSet set({tag, nas, later}, {}, {});
    Event event;
    event.remote = "\\\\NAS\\share";
    CHECK(verdict(set, event).decision == Decision::deny);
    CHECK(verdict(set, event).denied_status == 5);
    CHECK(matched(set, event) == std::vector<std::string>{"tag all", "no NAS", "later"});
    event.remote = "\\\\other\\share";
    CHECK(verdict(set, event).denied_status == 1223);
}

TEST_CASE("an allow ends the judging, but not in audit mode, and undoes nothing", "[rules]") {
    Rule allow = rule("allow", Mode::enforce, texts(Field::remote, {"\\\\files\\*"}));
    allow.allow = true;
    Rule deny = rule("deny", Mode::enforce);
    deny.deny = 1223;
    Event event;
    event.remote = "\\\\files\\x";
    CHECK(matched(RuleSet({allow, deny}, {}, {}), event) == std::vector<std::string>{"allow"});
    CHECK(verdict(RuleSet({allow, deny}, {}, {}), event).decision == Decision::allow);
    CHECK(verdict(RuleSet({deny, allow}, {}, {}), event).decision == Decision::deny);
    allow.mode = Mode::audit;
    CHECK(verdict(RuleSet({allow, deny}, {}, {}), event).decision == Decision::deny);
}

TEST_CASE("a denial in audit mode, or of what came by the spool, is only what would have been", "[rules]") {
    Rule audit = rule("audit", Mode::audit);
    audit.deny = 5;
    Event event;
    CHECK(verdict(RuleSet({audit}, {}, {}), event).decision == Decision::allow);
    CHECK(verdict(RuleSet({audit}, {}, {}), event).would_deny);
    CHECK(verdict(RuleSet({audit}, {}, {}), event).denied_status == 5);
    Rule enforce = rule("enforce", Mode::enforce);
    enforce.deny = 1223;
    const Judgement both = verdict(RuleSet({audit, enforce}, {}, {}), event);
    CHECK(both.decision == Decision::deny);
    CHECK_FALSE(both.would_deny);
    CHECK(both.denied_status == 1223);
    event.source = Source::spool;
    const Judgement late = verdict(RuleSet({enforce}, {}, {}), event);
    CHECK(late.decision == Decision::allow);
    CHECK(late.would_deny);
}

TEST_CASE("what is not known fits neither a condition nor its opposite", "[rules]") {
    Rule in = rule("in", Mode::enforce, texts(Field::group, {"S-1-5-32-544"}));
    in.log = true;
    Rule out = rule("out", Mode::enforce, inverted(texts(Field::group, {"S-1-5-32-544"})));
    out.log = true;
    Rule either =
        rule("either", Mode::enforce, any({texts(Field::group, {"S-1-5-32-544"}), texts(Field::remote, {"*"})}));
    either.log = true;
    const RuleSet set({in, out, either}, {}, {});
    Event event;
    CHECK(matched(set, event) == std::vector<std::string>{"either"});
    event.groups = {"S-1-5-11", "S-1-5-32-544"};
    CHECK(matched(set, event) == std::vector<std::string>{"in", "either"});
    event.groups = {"S-1-5-11"};
    CHECK(matched(set, event) == std::vector<std::string>{"out", "either"});
}

TEST_CASE("names of groups are looked up once; one that nobody knows is not known", "[rules]") {
    Rule named = rule("named", Mode::enforce, texts(Field::group, {"CORP\\Staff", "Nobody"}));
    named.log = true;
    int asked = 0;
    const RuleSet set({named}, {}, [&](const std::string& name) -> std::optional<std::string> {
        ++asked;
        return name == "CORP\\Staff" ? std::optional<std::string>("S-1-5-21-1-2-3-500") : std::nullopt;
    });
    CHECK(asked == 2);
    CHECK(set.unknown_groups() == std::vector<std::string>{"Nobody"});
    CHECK(set.unknown_accounts() == 1);
    Event event;
    event.groups = {"S-1-5-21-1-2-3-500"};
    CHECK(matched(set, event).size() == 1);
    event.groups = {"S-1-5-11"};
    CHECK(matched(set, event).empty());
    CHECK(explain(set, event).front().result == Explanation::Result::not_known);
}

TEST_CASE("a rule is judged once for an operation, before it unless it asks for what comes of it", "[rules]") {
    Rule plain = rule("plain", Mode::enforce);
    plain.log = true;
    Rule failed =
        rule("failed", Mode::enforce, numbers(Field::outcome, {static_cast<std::uint64_t>(Outcome::failure)}));
    failed.log = true;
    Rule both = rule("both", Mode::enforce, numbers(Field::phase, {1, 2}));
    both.log = true;
    const RuleSet set({plain, failed, both}, {}, {});
    Event event;
    CHECK(matched(set, event) == std::vector<std::string>{"plain", "both"});
    event.phase = Phase::after;
    event.status = 53;
    CHECK(matched(set, event) == std::vector<std::string>{"failed", "both"});
    event.status = 0;
    CHECK(matched(set, event) == std::vector<std::string>{"both"});
    CHECK(explain(set, event).at(0).result == Explanation::Result::other_phase);
    CHECK(RuleSet({plain}, {}, {}).looks_at(Action::connect, Phase::before));
    CHECK_FALSE(RuleSet({plain}, {}, {}).looks_at(Action::connect, Phase::after));
}

TEST_CASE("more rules than are recorded still have their effect", "[rules]") {
    std::vector<Rule> many;
    for (std::size_t i = 0; i < Judgement::most + 5; ++i) {
        many.push_back(rule("rule " + std::to_string(i), Mode::enforce));
        many.back().log = true;
    }
    many.back().deny = 5;
    const Judgement judgement = verdict(RuleSet(many, {}, {}), Event());
    CHECK(judgement.count == Judgement::most);
    CHECK(judgement.more);
    CHECK(judgement.decision == Decision::deny);
    CHECK(judgement.matched.back() == many.size() - 1); // whatever else there is, the one that decides is named
}

TEST_CASE("a rule that does something is named before those that only tag, in the order of the set", "[rules]") {
    std::vector<Rule> many;
    for (std::size_t i = 0; i < Judgement::most; ++i) {
        many.push_back(rule("tags " + std::to_string(i), Mode::enforce));
        many.back().tags = {"t"};
    }
    many.push_back(rule("would deny", Mode::audit));
    many.back().deny = 5;
    many.push_back(rule("tags too", Mode::enforce));
    many.back().tags = {"t"};
    many.push_back(rule("logs", Mode::enforce));
    many.back().log = true;
    const Judgement judgement = verdict(RuleSet(many, {}, {}), Event());
    CHECK(judgement.more);
    CHECK(std::ranges::is_sorted(judgement.matched));
    CHECK(judgement.matched[Judgement::most - 3] == Judgement::most - 3);
    CHECK(judgement.matched[Judgement::most - 2] == Judgement::most);
    CHECK(judgement.matched[Judgement::most - 1] == Judgement::most + 2);
}

TEST_CASE("the first condition that does not hold is named, with what was found", "[rules]") {
    Rule several = rule("several", Mode::enforce, texts(Field::server, {"files"}), texts(Field::share, {"c$"}));
    several.log = true;
    several.when.parts[0].path = "rules[0].when.server";
    several.when.parts[1].path = "rules[0].when.share";
    Event event;
    event.remote = "\\\\files\\data";
    const auto explained = explain(RuleSet({several}, {}, {}), event);
    CHECK(explained.at(0).result == Explanation::Result::failed);
    CHECK(explained.at(0).condition == "rules[0].when.share");
    CHECK(explained.at(0).found == "\"DATA\"");
}

TEST_CASE("what says no is named before what merely can't be told", "[rules]") {
    Rule both = rule("both", Mode::enforce, texts(Field::group, {"S-1-5-18"}), texts(Field::share, {"c$"}));
    both.log = true;
    both.when.parts[0].path = "rules[0].when.group";
    both.when.parts[1].path = "rules[0].when.share";
    Event event;
    const auto failed = explain(RuleSet({both}, {}, {}), event);
    CHECK(failed.at(0).result == Explanation::Result::failed);
    CHECK(failed.at(0).condition == "rules[0].when.share");
    event.remote = "\\\\files\\c$";
    const auto unknown = explain(RuleSet({both}, {}, {}), event);
    CHECK(unknown.at(0).result == Explanation::Result::not_known);
    CHECK(unknown.at(0).condition == "rules[0].when.group");
}

TEST_CASE("a name that many rules have is looked up once", "[rules]") {
    std::vector<Rule> many;
    for (int i = 0; i < 100; ++i) {
        many.push_back(rule("rule " + std::to_string(i), Mode::enforce,
                            texts(Field::group, {i % 2 == 0 ? "Staff" : "STAFF"}),
                            texts(Field::user, {"jdoe", "nobody"})));
    }
    int asked = 0;
    const RuleSet set(many, {}, [&](const std::string&) -> std::optional<std::string> {
        ++asked;
        return std::nullopt;
    });
    CHECK(asked == 3);
    CHECK(set.unknown_groups().size() == 2); // as they were written
}
