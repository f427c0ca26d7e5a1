#include "service/cli/config_command.hpp"

#include "service/cli/named_config.hpp"
#include "service/cli/usage_error.hpp"
#include "service/config/config_json.hpp"
#include "service/config/config_schema.hpp"
#include "service/format/ecs_json.hpp"
#include "service/text/text.hpp"
#include "service/text/utf.hpp"

#include <algorithm>
#include <string_view>

namespace maptrail {
namespace {

/// "3 rules (2 enforced, 1 in audit mode)"
std::string rules_text(const Config& config) {
    const auto audit = std::ranges::count(config.rules, rules::Mode::audit, &rules::Rule::mode);
    const auto all = std::ssize(config.rules);
    return std::to_string(all) + (all == 1 ? " rule (" : " rules (") + std::to_string(all - audit) + " enforced, " +
           std::to_string(audit) + " in audit mode)";
}

std::string setting_line(std::string_view label, const std::string& text) {
    constexpr std::size_t width = 22;
    return std::string(label) + std::string(label.size() < width ? width - label.size() : 1, ' ') + text + "\n";
}

/// "log.level  info"
void append_settings(std::string& text, const nlohmann::ordered_json& json, const std::string& prefix) {
    for (const auto& [key, value] : json.items()) {
        if (value.is_object()) {
            append_settings(text, value, prefix + key + ".");
        } else if (!value.is_array()) { // the rules, which are shown apart
            text +=
                setting_line(prefix + key, printable(value.is_string() ? value.get<std::string>() : json_line(value)));
        }
    }
}

std::string rule_text(const nlohmann::ordered_json& rule) {
    std::string text = "\n" + printable(rule["name"].get<std::string>()) + "\n";
    for (const auto& [key, value] : rule.items()) {
        if (key != "name") {
            text +=
                setting_line("  " + key, printable(value.is_string() ? value.get<std::string>() : json_line(value)));
        }
    }
    return text;
}

std::string as_text(const NamedConfig& loaded) {
    std::string text = setting_line("file", printable(path_utf8(loaded.file)) +
                                                (loaded.loaded.from_file ? "" : " (missing: defaults)"));
    const nlohmann::ordered_json config = config_to_json(loaded.loaded.config);
    append_settings(text, config, "");
    text += setting_line("rules", rules_text(loaded.loaded.config));
    for (const nlohmann::ordered_json& rule : config["rules"]) {
        text += rule_text(rule);
    }
    return text;
}

} // namespace

ExitCode run_config_check(const ConfigOptions& options, Environment& environment) {
    const auto loaded = load_named_config(options.file, environment);
    if (!loaded) {
        return ExitCode::usage;
    }
    const std::string news =
        loaded->loaded.from_file
            ? printable(path_utf8(loaded->file.filename())) + " is good: " + rules_text(loaded->loaded.config)
            : "There is no " + printable(path_utf8(loaded->file)) + ": every key has its default";
    (void)environment.write_out(news + "\n");
    return ExitCode::ok;
}

ExitCode run_config_show(const ConfigOptions& options, Environment& environment) {
    if (options.format != "text" && options.format != "json") {
        throw UsageError("-o: \"" + options.format + "\" is not understood. Accepted: text, json.");
    }
    const auto loaded = load_named_config(options.file, environment);
    if (!loaded) {
        return ExitCode::usage;
    }
    (void)environment.write_out(options.format == "json" ? json_pretty(config_to_json(loaded->loaded.config)) + "\n"
                                                         : as_text(*loaded));
    return ExitCode::ok;
}

ExitCode run_config_schema(Environment& environment) {
    (void)environment.write_out(config_schema());
    return ExitCode::ok;
}

ExitCode run_config_reload(Environment& environment) {
    const nlohmann::json answer = environment.reload_config();
    const std::string text = printable(answer.value("text", std::string())) + "\n";
    if (!answer.value("good", false)) {
        environment.write_error(text + "The configuration before stays in force.\n");
        return ExitCode::usage;
    }
    (void)environment.write_out(text);
    return ExitCode::ok;
}

} // namespace maptrail
