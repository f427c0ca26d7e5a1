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

#include <filesystem>

namespace maptrail {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* explain_notes = R"(Examples:
  maptrail history --outcome denied -o json            event.id is the number
  maptrail rules explain 4711
  maptrail rules explain 4711 --config D:\new.json     what other rules say of it
  maptrail rules explain 4711 --db D:\copy\history.db

What matched is from the record. Why the others did not is told by the configuration that judged the operation, which
the history keeps, or by the one that is named. Addresses that the history does not hold are not known.
Exit code: 0 found, 1 there is no such operation, 2 usage or a mistake in the file, 3 the service does not answer.)";

std::optional<Operation> operation_with(std::int64_t id, HistorySource& history) {
    Query query;
    query.ids = {id};
    std::optional<Operation> found;
    history.find(query, [&](const Operation& operation) {
        found = operation;
        return false;
    });
    return found;
}

std::string version_text(std::uint64_t version) {
    return version == 0 ? "none" : hex_text(version);
}

/// What a configuration says of one notification.
struct Explained {
    std::string source; ///< the file, or where else its text is from
    rules::RuleSet rules;
    PhaseReport report;
    bool same_version = false; ///< it is the one that judged
};

struct Explanations {
    std::vector<Explained> phases;
    std::string problem; ///< why there are no more of them
};

std::uint64_t version_that_judged(const Operation& operation, Phase phase) {
    return phase == Phase::before ? operation.config_before : operation.config_after;
}

/// The text of the version that judged, as the history keeps it.
std::optional<LoadedConfig> recorded_config(std::uint64_t version, HistorySource& history) {
    const std::optional<std::string> text = version == 0 ? std::nullopt : history.config_of(version);
    if (!text) {
        return std::nullopt;
    }
    try {
        // The place is for messages, and what a relative folder would start from; there is neither.
        return config_of_text(*text, std::filesystem::temp_directory_path() / "config.json");
    } catch (const std::exception&) {
        return std::nullopt; // an earlier program's, which took what this one does not
    }
}

/// Nothing where a file that was named has a mistake, which is told.
std::optional<Explanations> explained(const Operation& operation, const RulesExplainOptions& options,
                                      HistorySource& history, Environment& environment) {
    Explanations result;
    std::optional<NamedConfig> named;
    try {
        named = load_named_config(options.config, environment);
    } catch (const CannotDo&) {
        // There is no service here; what is recorded may do.
    }
    if (options.config && !named) {
        return std::nullopt;
    }
    for (const Phase phase : {Phase::before, Phase::after}) {
        if (!(phase == Phase::before ? was_told_before(operation) : was_told_after(operation))) {
            continue;
        }
        const std::uint64_t version = version_that_judged(operation, phase);
        const bool by_named = named && (options.config || short_version(named->loaded.version) == version);
        const std::optional<LoadedConfig> recorded = by_named ? std::nullopt : recorded_config(version, history);
        if (!by_named && !recorded) {
            result.problem = version == 0
                                 ? "No rules judged it."
                                 : "It was judged by a configuration whose text is not at hand (" +
                                       version_text(version) + "). --config FILE explains by one that you name.";
            continue;
        }
        const LoadedConfig& config = by_named ? named->loaded : *recorded;
        Explained one;
        one.source = by_named ? path_utf8(named->file) : "the configuration that the history keeps";
        one.rules = rule_set_of(config, environment);
        RecordedJudge judge(one.rules, environment.zone(), [&](std::uint64_t set) { return history.groups_of(set); });
        one.report = report_of(one.rules, judge.subject(operation, phase));
        one.same_version = short_version(config.version) == version;
        result.phases.push_back(std::move(one));
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
    if (operation.decision == Decision::deny && denying_rule(operation).empty() &&
        (!judged.more || operation.source == Source::spool)) {
        text += ", by no rule: the service did not answer in time, and whenNoAnswer is denyConnect";
    }
    text += "; configuration " + version_text(operation.config_before) + " before, " +
            version_text(operation.config_after) + " after\n";
    for (const MatchedRule& rule : judged.rules) {
        text += "  " + recorded_rule_text(rule) + "\n";
    }
    text += judged.rules.empty() ? "  no rule matched\n" : "";
    return text + (judged.more ? "  and more of them, or of their tags, which are not recorded\n" : "");
}

std::string as_text(const Operation& operation, const Explanations& why, const ZoneOffset& zone) {
    std::string text = operation_line(operation, zone) + "\n\n" + recorded_text(operation);
    std::string last;
    for (const Explained& phase : why.phases) {
        const std::string by = phase.source + " (" + version_text(short_version(phase.rules.version())) + ")";
        if (by != last) {
            text += "\nBy " + printable(by) + ":\n";
            last = by;
        }
        text += phase_text(phase.rules, phase.report);
    }
    return text + (why.problem.empty() ? "" : "\n" + printable(why.problem) + "\n");
}

Json as_json(const Operation& operation, const Explanations& why) {
    Json json{{"operation", operation_to_json(operation)}};
    json["phases"] = Json::array();
    for (const Explained& phase : why.phases) {
        Json& one = json["phases"].emplace_back(phase_json(phase.rules, phase.report));
        one["config"] = {{"source", phase.source}, {"version", version_text(short_version(phase.rules.version()))}};
        one["same_version"] = phase.same_version;
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
    const std::unique_ptr<HistorySource> history = environment.open_history(options.database);
    const auto operation = operation_with(id, *history);
    if (!operation) {
        environment.write_error("There is no operation " + std::to_string(id) +
                                " in the history, or you may not see it.\n");
        return ExitCode::nothing;
    }
    if (operation->action == Action::loss) {
        environment.write_error(std::to_string(id) + " tells of lost notifications, which nobody can judge.\n");
        return ExitCode::nothing;
    }
    const auto why = explained(*operation, options, *history, environment);
    if (!why) {
        return ExitCode::usage;
    }
    (void)environment.write_out(format == RulesFormat::json ? json_pretty(as_json(*operation, *why)) + "\n"
                                                            : as_text(*operation, *why, environment.zone()));
    return ExitCode::ok;
}

} // namespace maptrail
