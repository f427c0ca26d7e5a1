#include "service/config/read_effects.hpp"

#include "service/config/field_words.hpp"
#include "service/config/read_field.hpp"
#include "service/config/read_run.hpp"

#include <algorithm>
#include <array>

namespace maptrail::config {
namespace {

using rules::Rule;

struct Unfit {
    std::uint32_t code;
    const char* why;
};

// What a caller is told in place of a connection has to be an end and a failure.
constexpr auto unfit_codes = std::to_array<Unfit>(
    {{0, "means success"},
     {234, "means that there is more to read, so callers would ask again"},
     {259, "means that a list is at its end, which callers take for success"},
     {997, "means that the operation goes on, so callers would wait for its end"},
     {1208, "sends the caller to WNetGetLastError for the reason, where there is an older one, or none"},
     {1237, "asks the router to try again, so the call might never end"},
     {1641, "means success with a restart"},
     {3010, "means success with a restart"},
     {3011, "means success with a restart"}});

/// The range that Windows' own errors lie in.
constexpr std::uint32_t most_denied_status = 0xFFFF;

std::uint32_t read_deny(const Document& document, const Node& node) {
    if (!std::holds_alternative<Node::Object>(node.value)) {
        const auto* value = std::get_if<bool>(&node.value);
        if (value == nullptr || !*value) {
            document.fail_expected(node, R"(true, or the error that the caller sees, as in { "error": 5 })");
        }
        return default_denied_status;
    }
    const Section section(document, &node, {"error"});
    const Node& error = section.require(
        "error", R"(the error that the caller sees, as in { "error": 5 }, or true in place of the object)");
    const std::uint32_t code = read_error_code(document, error);
    if (code > most_denied_status) {
        document.fail_expected(error, "a code of at most " + std::to_string(most_denied_status));
    }
    if (const auto* unfit = std::ranges::find(unfit_codes, code, &Unfit::code); unfit != unfit_codes.end()) {
        document.fail_expected(error, std::string("an error that ends the call; this one ") + unfit->why);
    }
    return code;
}

std::uint8_t read_severity(const Document& document, const Node& node) {
    static const Words words{"low", "medium", "high", "critical"}; // quarters of 100
    if (const auto* number = std::get_if<std::uint64_t>(&node.value);
        number != nullptr && *number >= 1 && *number <= 100) {
        return static_cast<std::uint8_t>(*number);
    }
    const auto* text = std::get_if<std::string>(&node.value);
    const auto found = text == nullptr ? words.end() : std::ranges::find(words, *text);
    if (found == words.end()) {
        document.fail_expected(node, "a whole number from 1 to 100, or one of " + list(words) +
                                         (text == nullptr ? std::string() : did_you_mean(*text, words)));
    }
    return static_cast<std::uint8_t>(25 * (found - words.begin() + 1));
}

std::vector<std::string> read_tags(const Document& document, const Node& node) {
    std::vector<std::string> tags;
    for (const Node* value : values_of(document, node)) {
        const std::string& tag = read_name(document, *value, "a tag", rules::max_tag);
        if (std::ranges::find(tags, tag) != tags.end()) {
            document.fail(*value, "the tag " + in_quotes(tag) + " is there twice");
        }
        if (tags.size() == rules::max_rule_tags) {
            document.fail(*value, "found more than " + std::to_string(rules::max_rule_tags) + " tags in one rule");
        }
        tags.push_back(tag);
    }
    return tags;
}

std::string read_drop(const Document& document, const Node& node) {
    const Section section(document, &node, {"reason"});
    const Node& reason = section.require("reason", "the reason why these operations are not stored");
    return read_name(document, reason, "a reason", max_drop_reason);
}

rules::Throttle read_throttle(const Document& document, const Node& node) {
    static const Words words = [] {
        Words keys;
        std::ranges::transform(throttle_fields(), std::back_inserter(keys), key_of);
        return keys;
    }();
    const Section section(document, &node, {"count", "seconds", "key"});
    rules::Throttle throttle;
    throttle.count =
        read_number(document, section.require("count", "the number that is let through"), 1, max_throttle_count);
    throttle.seconds =
        read_number(document, section.require("seconds", "the time that they count in"), 1, max_throttle_s);
    if (const Node* key = section.find("key")) {
        for (const Node* value : values_of(document, *key)) {
            const rules::Field field = throttle_fields().at(read_word(document, *value, words));
            if (std::ranges::find(throttle.key, field) != throttle.key.end()) {
                document.fail(*value, in_quotes(key_of(field)) + " is there twice");
            }
            throttle.key.push_back(field);
        }
    }
    return throttle;
}

/// T, four digits, and perhaps three more after a dot.
std::string read_technique(const Document& document, const Node& node) {
    constexpr std::string_view whole = "Tdddd.ddd";
    const auto* text = std::get_if<std::string>(&node.value);
    const bool fits = text != nullptr && (text->size() == 5 || text->size() == whole.size()) &&
                      std::equal(text->begin(), text->end(), whole.begin(),
                                 [](char c, char form) { return form == 'd' ? c >= '0' && c <= '9' : c == form; });
    if (!fits) {
        document.fail_expected(node, "a technique of MITRE ATT&CK, as T1021 or T1021.002");
    }
    return *text;
}

} // namespace

void read_effects(const Document& document, const Node& node, const Section& section, Rule& rule) {
    if (const Node* deny = section.find("deny")) {
        rule.deny = read_deny(document, *deny);
    }
    if (const Node* allow = section.find("allow")) {
        read_true(document, *allow);
        rule.allow = true;
        if (rule.deny) {
            document.fail(*allow, "found beside \"deny\"; expected one of the two");
        }
    }
    if (const Node* tags = section.find("tag")) {
        rule.tags = read_tags(document, *tags);
    }
    if (const Node* severity = section.find("severity")) {
        rule.severity = read_severity(document, *severity);
    }
    if (const Node* log = section.find("log")) {
        read_true(document, *log);
        rule.log = true;
    }
    if (const Node* run = section.find("run")) {
        rule.run = read_run(document, *run);
    }
    if (const Node* drop = section.find("drop")) {
        rule.drop = read_drop(document, *drop);
    }
    if (!rule.deny && !rule.allow && rule.tags.empty() && rule.severity == 0 && !rule.log && !rule.run && !rule.drop) {
        static const Words effects{"deny", "allow", "tag", "severity", "log", "run", "drop"};
        document.fail(node, "the rule does nothing; expected one of " + list(effects));
    }
    if (const Node* throttle = section.find("throttle")) {
        rule.throttle = read_throttle(document, *throttle);
        if (!rule.log && !rule.run) {
            document.fail(*throttle, R"(found in a rule without "log" and "run"; there is nothing to hold back)");
        }
    }
    if (const Node* technique = section.find("technique")) {
        rule.technique = read_technique(document, *technique);
    }
}

} // namespace maptrail::config
