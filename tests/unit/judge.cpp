#include "service/judge/judge.hpp"

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
};

Seen judge_one(Judge& judge) {
    wire::Request request;
    request.remote.view = u"\\\\server\\share";
    const Identity identity;
    const ClientProcess process;
    Judge::Turn turn(judge);
    const Verdict verdict = turn.judge(request, Source::pipe, {identity, process});
    Seen seen{verdict.decision, verdict.status, {}};
    REQUIRE((verdict.record.empty() || decode_judgement(verdict.record, Phase::before, seen.record)));
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
                const bool whole =
                    seen.record.version == seen.status && seen.record.judged.denied_status == seen.status;
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
