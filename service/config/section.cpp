#include "service/config/section.hpp"

#include "service/log/one_line.hpp"

#include <algorithm>

namespace maptrail::config {

std::string list(const Words& words) {
    std::string text;
    for (const std::string_view word : words) {
        text += (text.empty() ? "" : ", ") + in_quotes(word);
    }
    return text;
}

std::string did_you_mean(std::string_view word, const Words& words) {
    const std::string_view meant = nearest(word, words);
    return meant.empty() ? std::string() : "; did you mean " + in_quotes(meant) + "?";
}

std::size_t read_word(const Document& document, const Node& node, const Words& words) {
    const auto* text = std::get_if<std::string>(&node.value);
    const auto found = text == nullptr ? words.end() : std::ranges::find(words, *text);
    if (found == words.end()) {
        document.fail_expected(node, (words.size() == 1 ? "" : "one of ") + list(words) +
                                         (text == nullptr ? "" : did_you_mean(*text, words)));
    }
    return static_cast<std::size_t>(found - words.begin());
}

std::uint32_t read_number(const Document& document, const Node& node, std::uint32_t least, std::uint32_t most) {
    const auto* number = std::get_if<std::uint64_t>(&node.value);
    if (number == nullptr || *number < least || *number > most) {
        document.fail_expected(node, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    }
    return static_cast<std::uint32_t>(*number);
}

const std::string& read_text(const Document& document, const Node& node, const std::string& what, std::size_t least,
                             std::size_t most) {
    const auto* text = std::get_if<std::string>(&node.value);
    if (text == nullptr) {
        document.fail_expected(node, what + ", in quotes");
    }
    if (text->size() < least) {
        document.fail_expected(node, what + " that is not empty");
    }
    if (text->size() > most) {
        document.fail_expected(node, what + " of at most " + std::to_string(most) + " bytes");
    }
    if (one_line(*text) != *text) {
        document.fail_expected(node, what + " without control characters; a backslash is written twice");
    }
    return *text;
}

const std::string& read_name(const Document& document, const Node& node, const std::string& what, std::size_t most) {
    const std::string& text = read_text(document, node, what, 1, most);
    if (text.front() == ' ' || text.back() == ' ') {
        document.fail_expected(node, what + " with no blank before or after it");
    }
    return text;
}

void read_true(const Document& document, const Node& node) {
    const auto* value = std::get_if<bool>(&node.value);
    if (value == nullptr || !*value) {
        document.fail_expected(node, "true; leave the key out if it is not wanted");
    }
}

std::vector<const Node*> values_of(const Document& document, const Node& node) {
    if (!std::holds_alternative<Node::Array>(node.value)) {
        return {&node};
    }
    if (node.members.empty()) {
        document.fail(node, "found an empty list; expected one value at the least");
    }
    std::vector<const Node*> values;
    for (const Member& member : node.members) {
        values.push_back(&member.node);
    }
    return values;
}

Section::Section(const Document& document, const Node* node, const Words& keys) : document_(document), node_(node) {
    if (node == nullptr) {
        return;
    }
    if (!std::holds_alternative<Node::Object>(node->value)) {
        document.fail_expected(*node, "an object, in { }");
    }
    for (const Member& member : node->members) {
        if (std::ranges::find(keys, member.key) == keys.end()) {
            const std::string meant = did_you_mean(member.key, keys);
            document.fail(member, "unknown key " + in_quotes(member.key) +
                                      (meant.empty() ? "; expected one of " + list(keys) : meant));
        }
    }
}

const Node* Section::find(std::string_view key) const {
    if (node_ == nullptr) {
        return nullptr;
    }
    const auto found = std::ranges::find(node_->members, key, &Member::key);
    return found == node_->members.end() ? nullptr : &found->node;
}

const Node& Section::require(std::string_view key, const std::string& expected) const {
    const Node* const node = find(key);
    if (node == nullptr) {
        document_.fail(*node_, "the key " + in_quotes(key) + " is missing; expected " + expected);
    }
    return *node;
}

void Section::number(std::string_view key, std::uint32_t& value, std::uint32_t least, std::uint32_t most) const {
    if (const Node* node = find(key)) {
        value = read_number(document_, *node, least, most);
    }
}

std::optional<std::size_t> Section::word(std::string_view key, const Words& words) const {
    const Node* const node = find(key);
    return node == nullptr ? std::nullopt : std::optional(read_word(document_, *node, words));
}

} // namespace maptrail::config
