#include "service/cli/rules_list.hpp"

#include "service/cli/columns.hpp"
#include "service/cli/named_config.hpp"
#include "service/cli/rules_words.hpp"
#include "service/config/config_json.hpp"
#include "service/format/ecs_json.hpp"
#include "service/format/judged_json.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace maptrail {
namespace {

using Json = nlohmann::ordered_json;

std::string value_text(const Json& value);

/// {"server": ["a", "b"], "forced": true} as "server a|b, forced true"
std::string conditions_text(const Json& conditions) {
    std::string text;
    for (const auto& [key, value] : conditions.items()) {
        text += (text.empty() ? "" : ", ") + key + " " + value_text(value);
    }
    return text;
}

std::string value_text(const Json& value) {
    if (value.is_object()) {
        return "(" + conditions_text(value) + ")";
    }
    if (value.is_array()) {
        std::string text;
        for (const Json& one : value) {
            text += (text.empty() ? "" : "|") + value_text(one);
        }
        return text;
    }
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    return text.empty() ? "\"\"" : text;
}

Json rule_json(const rules::Rule& rule, Json json) {
    json["phases"] = phase_words(rule);
    json["effects"] = effect_words(rules::effects_of(rule));
    return json;
}

} // namespace

void add_rules_list_options(CLI::App& command, RulesListOptions& options) {
    command.add_option("--config", options.config, "This configuration, not the one that the service reads")
        ->type_name("FILE");
    command.add_option("-o,--output", options.format, "table (the default) or json")->type_name("FORMAT");
    command.footer("PHASE: when a rule is judged, before the operation or after it.\n"
                   "Exit code: 0 the file is good, 2 it has a mistake or cannot be read.");
}

ExitCode run_rules_list(const RulesListOptions& options, Environment& environment) {
    const RulesFormat format = rules_format_of(options.format, "table");
    const auto named = load_named_config(options.config, environment);
    if (!named) {
        return ExitCode::usage;
    }
    const std::vector<rules::Rule>& rules = named->loaded.config.rules;
    const Json json = config_to_json(named->loaded.config)["rules"];
    if (format == RulesFormat::json) {
        Json list = Json::array();
        for (std::size_t i = 0; i < rules.size(); ++i) {
            list.push_back(rule_json(rules[i], json[i]));
        }
        (void)environment.write_out(json_pretty(list) + "\n");
        return ExitCode::ok;
    }
    if (rules.empty()) {
        environment.write_error("There are no rules.\n");
        return ExitCode::ok;
    }
    Columns columns{{{"#", true},
                     {"NAME"},
                     {"MODE"},
                     {"PHASE"},
                     {"EFFECTS"},
                     {"SEVERITY", true},
                     {"TAGS"},
                     {"TECHNIQUE"},
                     {"WHEN"}},
                    {}};
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const rules::Rule& rule = rules[i];
        columns.rows.push_back({std::to_string(i), rule.name, std::string(mode_word(rule.mode)),
                                joined_words(phase_words(rule)), joined_words(effect_words(rules::effects_of(rule))),
                                rule.severity == 0 ? "" : std::to_string(rule.severity),
                                joined_words({rule.tags.begin(), rule.tags.end()}), rule.technique,
                                json[i]["when"].empty() ? "always" : conditions_text(json[i]["when"])});
    }
    (void)environment.write_out(columns.text(width_of(environment)));
    return ExitCode::ok;
}

} // namespace maptrail
