#include "service/config/config_json.hpp"

#include "common/model/windows_error.hpp"
#include "service/config/field_words.hpp"
#include "service/config/read_run.hpp"
#include "service/text/utf.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace maptrail {
namespace {

using nlohmann::ordered_json;
using rules::Condition;
using rules::Field;

/// The value itself, or a list of several.
ordered_json one_or_list(std::vector<ordered_json> values) {
    return values.size() == 1 ? std::move(values.front()) : ordered_json(std::move(values));
}

ordered_json error_to_json(std::uint64_t code) {
    const std::string_view name = error_name(static_cast<std::uint32_t>(code));
    return name.empty() ? ordered_json(code) : ordered_json(name);
}

std::string clock(std::uint16_t minutes) {
    const auto two = [](int value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    return two(minutes / 60) + ":" + two(minutes % 60);
}

ordered_json number_to_json(Field field, std::uint64_t number) {
    if (field == Field::forced || field == Field::elevated) {
        return number != 0;
    }
    if (field == Field::error) {
        return error_to_json(number);
    }
    const config::FieldWords& known = config::words_of(field);
    const auto found = std::ranges::find(known.numbers, number);
    return found == known.numbers.end()
               ? ordered_json(number)
               : ordered_json(known.words.at(static_cast<std::size_t>(found - known.numbers.begin())));
}

ordered_json values_to_json(const Condition& condition) {
    std::vector<ordered_json> values(condition.texts.begin(), condition.texts.end());
    for (const std::uint64_t number : condition.numbers) {
        values.push_back(number_to_json(condition.field, number));
    }
    for (const rules::TimeRange& range : condition.times) {
        values.emplace_back(clock(range.from) + "-" + clock(range.to));
    }
    return one_or_list(std::move(values));
}

ordered_json condition_to_json(const Condition& condition);

ordered_json parts_to_json(const Condition& condition) {
    if (condition.kind == Condition::Kind::none && condition.parts.size() == 1) {
        return condition_to_json(condition.parts.front()); // as deep as it was written: there is a bound
    }
    ordered_json parts = ordered_json::array();
    for (const Condition& part : condition.parts) {
        parts.push_back(condition_to_json(part));
    }
    return parts;
}

ordered_json condition_to_json(const Condition& condition) {
    static constexpr std::array<const char*, 4> keys{"", "all", "any", "not"}; // by Condition::Kind
    ordered_json json = ordered_json::object();
    for (const Condition& part : condition.parts) {
        if (part.kind == Condition::Kind::field) {
            json[std::string(config::key_of(part.field))] = values_to_json(part);
        } else {
            json[keys.at(static_cast<std::size_t>(part.kind))] = parts_to_json(part);
        }
    }
    return json;
}

ordered_json run_to_json(const rules::Run& run) {
    return {{"program", run.program},
            {"arguments", run.arguments},
            {"timeoutSeconds", run.timeout_s},
            {"account", config::account_words().at(static_cast<std::size_t>(run.account))}};
}

ordered_json throttle_to_json(const rules::Throttle& throttle) {
    ordered_json json{{"count", throttle.count}, {"seconds", throttle.seconds}};
    for (const Field field : throttle.key) {
        json["key"].push_back(config::key_of(field));
    }
    return json;
}

ordered_json rule_to_json(const rules::Rule& rule) {
    ordered_json json{{"name", rule.name}};
    if (!rule.description.empty()) {
        json["description"] = rule.description;
    }
    json["mode"] = rule.mode == rules::Mode::enforce ? "enforce" : "audit";
    json["when"] = condition_to_json(rule.when);
    if (rule.deny) {
        json["deny"] = {{"error", error_to_json(*rule.deny)}};
    }
    if (rule.allow) {
        json["allow"] = true;
    }
    if (!rule.tags.empty()) {
        json["tag"] = rule.tags;
    }
    if (rule.severity != 0) {
        json["severity"] = rule.severity;
    }
    if (rule.log) {
        json["log"] = true;
    }
    if (rule.run) {
        json["run"] = run_to_json(*rule.run);
    }
    if (rule.drop) {
        json["drop"] = {{"reason", *rule.drop}};
    }
    if (rule.throttle) {
        json["throttle"] = throttle_to_json(*rule.throttle);
    }
    if (!rule.technique.empty()) {
        json["technique"] = rule.technique;
    }
    return json;
}

} // namespace

ordered_json config_to_json(const Config& config) {
    ordered_json json{
        {"version", config.version},
        {"dataFolder", path_utf8(config.data_folder)},
        {"budgetMs", config.budget_ms},
        {"whenNoAnswer", config_no_answers.at(config.no_answer == wire::NoAnswer::allow ? 0 : 1)},
        {"log",
         {{"level", config_log_levels.at(static_cast<std::size_t>(config.log.level))},
          {"maxSizeMiB", config.log.max_size_mib},
          {"files", config.log.files}}},
        {"retention",
         {{"days", config.retention.days},
          {"operations", config.retention.operations},
          {"sizeMiB", config.retention.size_mib}}},
        {"inbox", {{"sizeMiB", config.inbox.size_mib}, {"flushMs", config.inbox.flush_ms}}},
        {"spool", {{"maxFileKiB", config.spool.max_file_kib}, {"maxProcessMiB", config.spool.max_process_mib}}}};
    json["rules"] = ordered_json::array();
    for (const rules::Rule& rule : config.rules) {
        json["rules"].push_back(rule_to_json(rule));
    }
    return json;
}

} // namespace maptrail
