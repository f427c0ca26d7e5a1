#include "service/cli/phase_report.hpp"

#include "service/cli/rules_words.hpp"
#include "service/format/judged_json.hpp"
#include "service/format/words.hpp"
#include "service/text/text.hpp"

#include <algorithm>

namespace maptrail {
namespace {

using Json = nlohmann::ordered_json;
using Result = rules::Explanation::Result;

std::string_view word_of_result(Result result) {
    switch (result) {
    case Result::matched:
        return "matched";
    case Result::failed:
        return "failed";
    case Result::not_known:
        return "not_known";
    case Result::other_phase:
        return "other_phase";
    case Result::not_reached:
        break;
    }
    return "not_reached";
}

std::string reason_text(const rules::RuleSet& rules, std::size_t place, const PhaseReport& report) {
    const rules::Explanation& why = report.rules[place];
    const rules::Rule& rule = rules.rules()[place];
    const std::string found = why.found.empty() ? "" : ": the event has " + why.found;
    switch (why.result) {
    case Result::matched:
        return "matches (" + std::string(mode_word(rule.mode)) +
               "): " + joined_words(effect_words(rules::effects_of(rule)));
    case Result::failed:
        return why.condition + " does not hold" + found;
    case Result::not_known:
        return "can't be told: what " + why.condition + " asks for is not known";
    case Result::other_phase:
        return report.phase == Phase::before ? "is judged after the operation" : "is judged before the operation";
    case Result::not_reached:
        break;
    }
    return "is not asked: a rule before it allows";
}

std::string verdict_text(const PhaseReport& report) {
    const rules::Judgement& judgement = report.judgement;
    std::string text =
        judgement.decision == Decision::deny ? "denied; the caller sees " + status_text(judgement.denied_status)
        : judgement.would_deny               ? "allowed; would be denied with " + status_text(judgement.denied_status) +
                                     " but for audit mode, or as it is too late"
                               : "allowed";
    return text + (judgement.drop ? "; not stored" : "");
}

} // namespace

PhaseReport report_of(const rules::RuleSet& rules, const rules::Subject& subject) {
    PhaseReport report;
    report.phase = subject.phase;
    rules.judge(subject, report.judgement);
    report.rules = rules.explain(subject);
    return report;
}

Json phase_json(const rules::RuleSet& rules, const PhaseReport& report) {
    const rules::Judgement& judgement = report.judgement;
    Json json{{"phase", report.phase == Phase::before ? "before" : "after"},
              {"verdict", word_of(judgement.decision)},
              {"would_deny", judgement.would_deny}};
    if (judgement.denied_status != 0) {
        json["denied_status"] = judgement.denied_status;
    }
    json["drop"] = judgement.drop;
    json["rules"] = Json::array();
    for (std::size_t i = 0; i < report.rules.size(); ++i) {
        const rules::Explanation& why = report.rules[i];
        Json one{{"name", rules.rules()[i].name},
                 {"mode", mode_word(rules.rules()[i].mode)},
                 {"result", word_of_result(why.result)}};
        if (!why.condition.empty()) {
            one["condition"] = why.condition;
        }
        if (!why.found.empty()) {
            one["found"] = why.found;
        }
        json["rules"].push_back(std::move(one));
    }
    return json;
}

std::string phase_text(const rules::RuleSet& rules, const PhaseReport& report) {
    std::string text = (report.phase == Phase::before ? "Before the operation: " : "After the operation: ") +
                       verdict_text(report) + "\n";
    int width = 0;
    for (const rules::Rule& rule : rules.rules()) {
        width = std::max(width, display_width(printable(rule.name)));
    }
    for (std::size_t i = 0; i < report.rules.size(); ++i) {
        const std::string name = printable(rules.rules()[i].name);
        text += "  " + name + std::string(static_cast<std::size_t>(width - display_width(name) + 2), ' ') +
                printable(reason_text(rules, i, report)) + "\n";
    }
    return text;
}

} // namespace maptrail
