#include "service/cli/rules_explain.hpp"

#include "service/cli/history_options.hpp"
#include "service/cli/named_config.hpp"
#include "service/cli/phase_report.hpp"
#include "service/cli/rules_words.hpp"
#include "service/format/ecs_json.hpp"
#include "service/format/judged_json.hpp"
#include "service/format/words.hpp"
#include "service/judge/recorded_judge.hpp"
#include "service/text/text.hpp"
#include "service/text/utf.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace maptrail {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* explain_notes = R"(Examples:
  maptrail history --outcome denied -o json            event.id is the number
  maptrail rules explain 4711
  maptrail rules explain 4711 --config D:\new.json     what other rules say of it
  maptrail rules explain 4711 --db D:\copy\history.db

What matched is from the record. Why the others did not is told by the configuration, if it is the one that judged the
operation, or the one that is named. Groups and addresses that the history does not hold are not known.
Exit code: 0 found, 1 there is no such operation, 2 usage or a mistake in the file, 3 the service does not answer.)";

std::optional<Operation> operation_with(std::int64_t id, const RulesExplainOptions& options, Environment& environment) {
    Query query;
    query.ids = {id};
    std::optional<Operation> found;
    environment.open_history(options.database)->find(query, [&](const Operation& operation) {
        found = operation;
        return false;
    });
    return found;
}

std::string version_text(std::uint64_t version) {
    return version == 0 ? "none" : hex_text(version);
}

/// What the configuration says, as far as it may be asked.
struct Explained {
    std::optional<NamedConfig> config;
    rules::RuleSet rules;
    std::vector<PhaseReport> phases;
    std::string problem; ///< why there is no more of it
};

bool judged_it(const Operation& operation, Phase phase, std::uint64_t version) {
    return version == (phase == Phase::before ? operation.config_before : operation.config_after);
}

Explained explained(const Operation& operation, const RulesExplainOptions& options, Environment& environment) {
    Explained result;
    try {
        result.config = load_named_config(options.config, environment);
    } catch (const CannotDo& error) {
        result.problem = error.what();
        return result;
    }
    if (!result.config) {
        result.problem = "The configuration has a mistake, so it explains nothing.";
        return result;
    }
    const std::uint64_t version = short_version(result.config->loaded.version);
    result.rules = rule_set_of(result.config->loaded, environment);
    RecordedJudge judge(result.rules, environment.zone());
    for (const Phase phase : {Phase::before, Phase::after}) {
        if (!(phase == Phase::before ? was_told_before(operation) : was_told_after(operation))) {
            continue;
        }
        if (options.config || judged_it(operation, phase, version)) {
            result.phases.push_back(report_of(result.rules, judge.subject(operation, phase)));
        } else {
            result.problem = "It was judged by another version of the configuration than " +
                             path_utf8(result.config->file) + " is now (" + version_text(version) +
                             "). --config FILE explains by one that you name.";
        }
    }
    return result;
}

std::string recorded_rule_text(const MatchedRule& rule) {
    std::string text = rule.name + ": " + (rule.audit ? "audit, " : "enforce, ") +
                       (rule.phase == Phase::before ? "before" : "after") + "; " +
                       joined_words(effect_words(rule.effects));
    text += rule.tags.empty() ? "" : "; tags " + joined_words({rule.tags.begin(), rule.tags.end()});
    text += rule.severity == 0 ? "" : "; severity " + std::to_string(rule.severity);
    text += rule.technique.empty() ? "" : "; " + rule.technique;
    return printable(text);
}

std::string recorded_text(const Operation& operation) {
    const Judged& judged = operation.judged;
    std::string text = "By the record: ";
    text += operation.decision == Decision::deny ? "denied with " + status_text(judged.denied_status)
            : judged.would_deny ? "allowed; would have been denied with " + status_text(judged.denied_status)
                                : "allowed";
    if (operation.decision == Decision::deny && denying_rule(judged).empty()) {
        text += ", by no rule: the service did not answer in time, and whenNoAnswer is denyConnect";
    }
    text += "; configuration " + version_text(operation.config_before) + " before, " +
            version_text(operation.config_after) + " after\n";
    for (const MatchedRule& rule : judged.rules) {
        text += "  " + recorded_rule_text(rule) + "\n";
    }
    text += judged.rules.empty() ? "  no rule matched\n" : "";
    return text + (judged.more ? "  and others, which are not recorded\n" : "");
}

std::string as_text(const Operation& operation, const Explained& why, const ZoneOffset& zone) {
    std::string text = operation_line(operation, zone) + "\n\n" + recorded_text(operation);
    if (!why.phases.empty()) {
        text += "\nBy " + printable(path_utf8(why.config->file)) + " (" +
                version_text(short_version(why.rules.version())) + "):\n";
    }
    for (const PhaseReport& phase : why.phases) {
        text += phase_text(why.rules, phase);
    }
    return text + (why.problem.empty() ? "" : "\n" + printable(why.problem) + "\n");
}

Json as_json(const Operation& operation, const Explained& why) {
    Json json{{"operation", operation_to_json(operation)}};
    if (why.config) {
        json["config"] = {{"file", path_utf8(why.config->file)},
                          {"version", version_text(short_version(why.rules.version()))}};
    }
    json["phases"] = Json::array();
    for (const PhaseReport& phase : why.phases) {
        Json& one = json["phases"].emplace_back(phase_json(why.rules, phase));
        one["same_version"] = judged_it(operation, phase.phase, short_version(why.rules.version()));
    }
    if (!why.problem.empty()) {
        json["problem"] = why.problem;
    }
    return json;
}

} // namespace

void add_rules_explain_options(CLI::App& command, RulesExplainOptions& options) {
    command.add_option("ID", options.id, "The operation's number: event.id of `maptrail history -o json`")
        ->type_name("")
        ->required();
    command.add_option("--config", options.config, "Explain by this configuration")->type_name("FILE");
    command.add_option("--db", options.database, "Read this copied database; do not ask the service")
        ->type_name("FILE");
    command.add_option("-o,--output", options.format, "text (the default) or json")->type_name("FORMAT");
    command.footer(explain_notes);
}

ExitCode run_rules_explain(const RulesExplainOptions& options, Environment& environment) {
    const RulesFormat format = rules_format_of(options.format, "text");
    const std::int64_t id = operation_id_of("ID", options.id);
    const auto operation = operation_with(id, options, environment);
    if (!operation) {
        environment.write_error("There is no operation " + std::to_string(id) +
                                " in the history, or you may not see it.\n");
        return ExitCode::nothing;
    }
    if (operation->action == Action::loss) {
        environment.write_error(std::to_string(id) + " tells of lost notifications, which nobody can judge.\n");
        return ExitCode::nothing;
    }
    const Explained why = explained(*operation, options, environment);
    if (options.config && !why.config) {
        return ExitCode::usage;
    }
    (void)environment.write_out(format == RulesFormat::json ? json_pretty(as_json(*operation, why)) + "\n"
                                                            : as_text(*operation, why, environment.zone()));
    return ExitCode::ok;
}

} // namespace maptrail
