#include "service/cli/replay_report.hpp"

#include "service/cli/columns.hpp"
#include "service/cli/rules_words.hpp"
#include "service/format/ecs_json.hpp"
#include "service/format/words.hpp"
#include "service/text/text.hpp"

namespace maptrail {
namespace {

using Json = nlohmann::ordered_json;

Json counts_json(const ReplayCounts& counts) {
    return {{"matched", counts.matched}, {"denied", counts.denied},   {"would_deny", counts.audited},
            {"tagged", counts.tagged},   {"dropped", counts.dropped}, {"logged", counts.logged},
            {"run", counts.run}};
}

std::string table_text(const rules::RuleSet& rules, const Replay& replay, std::optional<std::size_t> width) {
    Columns columns{{{"MODE"},
                     {"MATCHED", true},
                     {"DENIED", true},
                     {"WOULD DENY", true},
                     {"TAGGED", true},
                     {"DROPPED", true},
                     {"LOGGED", true},
                     {"RUN", true},
                     {"RULE"}},
                    {}};
    for (std::size_t i = 0; i < rules.rules().size(); ++i) {
        const ReplayCounts& counts = replay.rules()[i].counts;
        std::vector<std::string>& row = columns.rows.emplace_back();
        row.emplace_back(mode_word(rules.rules()[i].mode));
        for (const std::uint64_t count : {counts.matched, counts.denied, counts.audited, counts.tagged, counts.dropped,
                                          counts.logged, counts.run}) {
            row.push_back(count == 0 ? std::string() : std::to_string(count));
        }
        row.push_back(rules.rules()[i].name);
    }
    return columns.text(width);
}

std::string examples_text(const rules::RuleSet& rules, const Replay& replay, const ZoneOffset& zone) {
    std::string text;
    for (std::size_t i = 0; i < rules.rules().size(); ++i) {
        const ReplayedRule& rule = replay.rules()[i];
        text += rule.examples.empty() ? "" : "\n" + printable(rules.rules()[i].name) + "\n";
        for (const Operation& example : rule.examples) {
            text += "  " + operation_line(example, zone) + "\n";
        }
    }
    return text;
}

std::string totals_text(const ReplayTotals& totals) {
    const ReplayCounts& counts = totals.counts;
    std::string text = "\n" + counted(totals.operations, "operation") + " judged: " + std::to_string(counts.matched) +
                       " matched, " + std::to_string(counts.denied) + " denied, " + std::to_string(counts.audited) +
                       " would be denied but for audit mode, or as it was too late, " + std::to_string(counts.tagged) +
                       " tagged, " + std::to_string(counts.dropped) + " dropped, " + std::to_string(counts.logged) +
                       " logged.\n";
    text += "Verdicts that differ from what was recorded: " + std::to_string(totals.differ);
    if (totals.differ != 0) {
        text += " (" + std::to_string(totals.newly_denied) + " newly denied, " +
                std::to_string(totals.no_longer_denied) +
                " not denied any more; the rest have another error, or would be denied)";
    }
    text += ".\n";
    if (totals.losses != 0) {
        text += "Passed over, as nobody can judge them: " + counted(totals.losses, "row") + " of lost notifications.\n";
    }
    return text;
}

} // namespace

Json replay_json(const rules::RuleSet& rules, const Replay& replay) {
    const ReplayTotals& totals = replay.totals();
    Json json{{"config", hex_text(short_version(rules.version()))}};
    Json& sum = json["totals"] = {{"operations", totals.operations}, {"losses", totals.losses}};
    sum.update(counts_json(totals.counts));
    sum["differ"] = totals.differ;
    sum["newly_denied"] = totals.newly_denied;
    sum["no_longer_denied"] = totals.no_longer_denied;
    Json& list = json["rules"] = Json::array();
    for (std::size_t i = 0; i < rules.rules().size(); ++i) {
        Json one{{"name", rules.rules()[i].name}, {"mode", mode_word(rules.rules()[i].mode)}};
        one.update(counts_json(replay.rules()[i].counts));
        one["examples"] = Json::array();
        for (const Operation& example : replay.rules()[i].examples) {
            one["examples"].push_back(operation_to_json(example));
        }
        list.push_back(std::move(one));
    }
    return json;
}

std::string replay_text(const rules::RuleSet& rules, const Replay& replay, const ZoneOffset& zone,
                        std::optional<std::size_t> width) {
    return (rules.rules().empty() ? "There are no rules.\n" : table_text(rules, replay, width)) +
           examples_text(rules, replay, zone) + totals_text(replay.totals());
}

} // namespace maptrail
