// The policies of the documents against the events beside them, as an administrator would test their own.
#include "service/cli/phase_report.hpp"
#include "service/cli/test_event.hpp"
#include "service/config/config_file.hpp"
#include "service/text/utf.hpp"

#include <catch_amalgamated.hpp>

#include <filesystem>
#include <fstream>
#include <set>

using namespace maptrail;
using nlohmann::json;

namespace {

struct Outcomes {
    std::string verdict = "allow";
    std::uint32_t status = 0;
    bool drop = false;
    std::vector<std::string> rules;
};

Outcomes judged(const rules::RuleSet& rules, const TestEvent& event) {
    RecordedJudge judge(rules, [](std::int64_t) { return std::int64_t{0}; });
    Outcomes result;
    for (const Phase phase : {Phase::before, Phase::after}) {
        if (phase == Phase::after && !event.after) {
            break;
        }
        const PhaseReport report = report_of(rules, subject_of(event, phase, judge));
        const rules::Judgement& judgement = report.judgement;
        result.verdict = judgement.decision == Decision::deny ? "deny"
                         : judgement.would_deny               ? "would_deny"
                                                              : result.verdict;
        result.status = judgement.denied_status != 0 ? judgement.denied_status : result.status;
        result.drop = result.drop || judgement.drop;
        for (const MatchedRule& rule : rules.judged(judgement, phase).rules) {
            result.rules.push_back(rule.name);
        }
    }
    return result;
}

} // namespace

TEST_CASE("the example policies do with the events beside them what is expected, and every rule is tried",
          "[policies]") {
    std::size_t policies = 0;
    for (const auto& entry : std::filesystem::directory_iterator(MAPTRAIL_TEST_POLICIES)) {
        const std::string name = path_utf8(entry.path().filename());
        if (!name.ends_with(".json") || name.ends_with(".tests.json")) {
            continue;
        }
        ++policies;
        INFO(name);
        const LoadedConfig config = load_config(entry.path());
        const rules::RuleSet rules(config.config.rules, config.version, {});
        std::set<std::string> tried;
        auto events = entry.path();
        std::ifstream file(events.replace_extension(".tests.json"));
        for (const json& one : json::parse(file)) {
            INFO(one.dump());
            const Outcomes found = judged(rules, test_event_of_json(one, name, 0));
            const json& expected = one.at("expect");
            CHECK(found.rules == expected.at("rules").get<std::vector<std::string>>());
            CHECK(found.verdict == expected.at("verdict").get<std::string>());
            CHECK(found.status == expected.value("status", 0U));
            CHECK(found.drop == expected.value("drop", false));
            tried.insert(found.rules.begin(), found.rules.end());
        }
        CHECK(tried.size() == rules.rules().size());
    }
    CHECK(policies == 2);
}
