#include "service/judge/judge.hpp"

#include "service/format/judged_json.hpp"
#include "tests/unit/rules_fixture.hpp"

#include <atomic>
#include <thread>

using namespace maptrail;
using namespace maptrail::rules;
using namespace maptrail::rules_test;

namespace {

ConfigVersion version_of(std::uint8_t number) {
    ConfigVersion version{};
    version[7] = number;
    return version;
}

RuleSet denying_with(std::uint32_t status) {
    Rule deny = rule("deny with " + std::to_string(status), Mode::enforce);
    deny.deny = status;
    deny.tags = {"a", "b"};
    deny.severity = 75;
    deny.technique = "T1021.002";
    return RuleSet({deny}, version_of(static_cast<std::uint8_t>(status)), {});
}

struct Seen {
    Decision decision;
    std::uint32_t status;
    JudgementRecord record;
    bool readable; ///< the record; no assertion here: threads judge too
};

Seen judge_one(Judge& judge) {
    wire::Request request;
    request.remote.view = u"\\\\server\\share";
    const Identity identity;
    const ClientProcess process;
    Judge::Turn turn(judge);
    const Verdict verdict = turn.judge(request, Source::pipe, {identity, process});
    Seen seen{verdict.decision, verdict.status, {}, false};
    seen.readable = verdict.record.empty() || decode_judgement(verdict.record, Phase::before, seen.record);
    return seen;
}

} // namespace

TEST_CASE("without rules nothing is denied; what judged is recorded also if nothing matched", "[judge]") {
    Judge judge;
    CHECK(judge_one(judge).decision == Decision::allow);
    CHECK(judge_one(judge).record.version == 0);
    judge.take(RuleSet({}, version_of(9), {}));
    CHECK(judge_one(judge).record.version == 9);
    CHECK(judge_one(judge).record.judged == Judged());
}

TEST_CASE("the record tells all of a rule by name", "[judge]") {
    Judge judge;
    judge.take(denying_with(5));
    const Seen seen = judge_one(judge);
    CHECK(seen.readable);
    CHECK(seen.decision == Decision::deny);
    CHECK(seen.status == 5);
    REQUIRE(seen.record.judged.rules.size() == 1);
    CHECK(seen.record.judged == judge.rules()->judged({.matched = {0}, .count = 1, .denied_status = 5}, Phase::before));
}

TEST_CASE("a notification is judged by one version of the rules, whatever changes meanwhile", "[judge]") {
    Judge judge;
    judge.take(denying_with(1));
    std::atomic<bool> enough{false};
    std::atomic<unsigned> mixed{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            while (!enough) {
                const Seen seen = judge_one(judge);
                const bool whole = seen.readable && seen.record.version == seen.status &&
                                   seen.record.judged.denied_status == seen.status;
                mixed += whole ? 0 : 1;
            }
        });
    }
    for (std::uint32_t i = 2; i <= 101; ++i) {
        judge.take(denying_with(i));
        CHECK(judge_one(judge).status == i); // no later than from take() on
    }
    enough = true;
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(mixed == 0);
}

TEST_CASE("where there is no room for all tags, all rules are recorded, and that there is more", "[judge]") {
    std::vector<Rule> rules;
    for (std::size_t i = 0; i < Judgement::most; ++i) {
        Rule& one = rules.emplace_back(rule(std::to_string(i) + std::string(max_rule_name - 2, 'n'), Mode::enforce));
        one.name.resize(max_rule_name);
        one.technique = "T1021.002";
        for (std::size_t tag = 0; tag < max_rule_tags; ++tag) {
            one.tags.push_back(std::to_string(tag) + std::string(max_tag - 2, 't'));
        }
    }
    rules.back().deny = 5;
    rules.back().tags = {"short"};
    Judge judge;
    judge.take(RuleSet(rules, version_of(1), {}));
    const Judged judged = judge_one(judge).record.judged;
    REQUIRE(judged.rules.size() == Judgement::most);
    CHECK(judged.more);
    CHECK(judged.rules.front().tags == rules.front().tags);
    CHECK(judged.rules[1].tags.empty());
    CHECK(judged.rules.back().tags == rules.back().tags);
    Operation denied;
    denied.decision = Decision::deny;
    denied.judged = judged;
    CHECK(denying_rule(denied) == rules.back().name);
}

TEST_CASE("rules look at the time that is recorded, not at one that a frame makes up", "[judge]") {
    Rule night = rule("night", Mode::enforce);
    Condition& when = night.when.parts.emplace_back();
    when.kind = Condition::Kind::field;
    when.field = Field::time;
    when.times = {{0, 6 * 60}};
    night.deny = 5;
    Judge judge;
    judge.take(RuleSet({night}, version_of(1), {}));
    constexpr std::int64_t second = 1'000'000'000;
    constexpr std::int64_t three = (20'000LL * 24 + 3) * 3'600 * second; // of a night
    constexpr std::int64_t noon = three + 9LL * 3'600 * second;
    const auto denied = [&](std::int64_t told, std::int64_t received) {
        wire::Request request;
        request.time = static_cast<std::uint64_t>(told / 100) + 116'444'736'000'000'000;
        const Identity identity;
        const ClientProcess process;
        Judge::Turn turn(judge);
        return turn.judge(request, Source::pipe, {identity, process, nullptr, received}).decision == Decision::deny;
    };
    CHECK(denied(three, three));
    CHECK(denied(three - 60 * second, three));
    CHECK_FALSE(denied(noon, noon));
    CHECK_FALSE(denied(three, noon));
    CHECK(denied(noon, three));
}

TEST_CASE("a record that is cut or changed is none, or tells of other rules; it never reads beyond", "[judge]") {
    Judge judge;
    judge.take(denying_with(5));
    wire::Request request;
    const Identity identity;
    const ClientProcess process;
    Judge::Turn turn(judge);
    const auto record = turn.judge(request, Source::pipe, {identity, process}).record;
    JudgementRecord out;
    for (std::size_t size = 0; size < record.size(); ++size) {
        const std::vector<std::byte> cut(record.begin(), record.begin() + static_cast<std::ptrdiff_t>(size));
        CHECK_FALSE(decode_judgement(cut, Phase::before, out));
    }
    for (std::size_t i = 0; i < record.size(); ++i) {
        std::vector<std::byte> changed(record.begin(), record.end());
        changed[i] ^= std::byte{0xFF};
        (void)decode_judgement(changed, Phase::before, out);
    }
    const std::vector<std::byte> longer(record.size() + 1);
    CHECK_FALSE(decode_judgement(longer, Phase::before, out));
}
