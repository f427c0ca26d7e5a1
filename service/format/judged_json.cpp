#include "service/format/judged_json.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace maptrail {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::pair<std::uint16_t, std::string_view>, 7> effects_by_name = {{
    {effect::deny, "deny"},
    {effect::allow, "allow"},
    {effect::tag, "tag"},
    {effect::severity, "severity"},
    {effect::log, "log"},
    {effect::run, "run"},
    {effect::drop, "drop"},
}};

template <class Source>
const std::string* text_of(const Source& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? &found->template get_ref<const std::string&>() : nullptr;
}

template <class Source>
bool read_texts(const Source& object, const char* key, std::vector<std::string>& texts) {
    const auto found = object.find(key);
    if (found == object.end()) {
        return true;
    }
    return found->is_array() && std::ranges::all_of(*found, [&](const Source& entry) {
               if (entry.is_string()) {
                   texts.push_back(entry.template get_ref<const std::string&>());
               }
               return entry.is_string();
           });
}

template <class Source>
bool read_effects(const Source& object, std::uint16_t& effects) {
    std::vector<std::string> words;
    if (!read_texts(object, "effects", words)) {
        return false;
    }
    return std::ranges::all_of(words, [&](const std::string& word) {
        const auto found = std::ranges::find(effects_by_name, word, [](const auto& entry) { return entry.second; });
        effects |= found == effects_by_name.end() ? std::uint16_t{0} : found->first;
        return found != effects_by_name.end();
    });
}

template <class Source>
bool read_rule(const Source& object, MatchedRule& rule) {
    if (!object.is_object()) {
        return false;
    }
    const std::string* const name = text_of(object, "name");
    const std::string* const mode = text_of(object, "mode");
    const std::string* const phase = text_of(object, "phase");
    if (name == nullptr || mode == nullptr || phase == nullptr || (*mode != "enforce" && *mode != "audit") ||
        (*phase != "before" && *phase != "after")) {
        return false;
    }
    rule.name = *name;
    rule.audit = *mode == "audit";
    rule.phase = *phase == "before" ? wire::Phase::before : wire::Phase::after;
    if (const std::string* const technique = text_of(object, "technique")) {
        rule.technique = *technique;
    }
    if (const auto severity = object.find("severity"); severity != object.end()) {
        if (!severity->is_number_integer() || *severity < 0 || *severity > 100) {
            return false;
        }
        rule.severity = severity->template get<std::uint8_t>();
    }
    return read_effects(object, rule.effects) && read_texts(object, "tags", rule.tags);
}

template <class Source>
bool read_rules(const Source& json, Judged& judged) {
    judged.rules.clear();
    return json.is_array() && std::ranges::all_of(json, [&](const Source& entry) {
               return read_rule(entry, judged.rules.emplace_back());
           });
}

} // namespace

std::vector<std::string_view> effect_words(std::uint16_t effects) {
    std::vector<std::string_view> words;
    for (const auto& [bit, word] : effects_by_name) {
        if ((effects & bit) != 0) {
            words.push_back(word);
        }
    }
    return words;
}

Json rules_to_json(const Judged& judged) {
    Json rules = Json::array();
    for (const MatchedRule& rule : judged.rules) {
        Json entry = Json::object();
        entry["name"] = rule.name;
        entry["mode"] = rule.audit ? "audit" : "enforce";
        entry["phase"] = rule.phase == wire::Phase::before ? "before" : "after";
        entry["effects"] = effect_words(rule.effects);
        if (rule.severity != 0) {
            entry["severity"] = rule.severity;
        }
        if (!rule.tags.empty()) {
            entry["tags"] = rule.tags;
        }
        if (!rule.technique.empty()) {
            entry["technique"] = rule.technique;
        }
        rules.push_back(std::move(entry));
    }
    return rules;
}

bool rules_from_json(const nlohmann::json& json, Judged& judged) {
    return read_rules(json, judged);
}

bool rules_from_json(const nlohmann::ordered_json& json, Judged& judged) {
    return read_rules(json, judged);
}

std::vector<std::string> tags_of(const Judged& judged) {
    std::vector<std::string> tags;
    for (const MatchedRule& rule : judged.rules) {
        for (const std::string& tag : rule.tags) {
            if (!rule.audit && std::ranges::find(tags, tag) == tags.end()) {
                tags.push_back(tag);
            }
        }
    }
    return tags;
}

std::uint8_t severity_of(const Judged& judged) {
    std::uint8_t highest = 0;
    for (const MatchedRule& rule : judged.rules) {
        highest = rule.audit ? highest : std::max(highest, rule.severity);
    }
    return highest;
}

std::string denying_rule(const Operation& operation) {
    const Judged& judged = operation.judged;
    const bool denied = operation.decision == Decision::deny;
    // What the notifyee refused by itself was spooled, and judged when nobody waited for it any more.
    if (denied ? operation.source == Source::spool : !judged.would_deny) {
        return {};
    }
    const auto found = std::ranges::find_if(judged.rules, [&](const MatchedRule& rule) {
        return (rule.effects & effect::deny) != 0 && (!denied || !rule.audit);
    });
    return found != judged.rules.end() ? found->name : std::string();
}

} // namespace maptrail
