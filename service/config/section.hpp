// What the parts of a configuration are read with: objects whose keys are known, texts, numbers and words in bounds.
#pragma once

#include "service/config/document.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maptrail::config {

using Words = std::vector<std::string_view>;

/// In quotes, with commas between them.
[[nodiscard]] std::string list(const Words& words);

/// `; did you mean "..."?` where a word is near, else nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, const Words& words);

/// The place of the node's text among the words. Throws ConfigError.
[[nodiscard]] std::size_t read_word(const Document& document, const Node& node, const Words& words);

/// Throws ConfigError.
[[nodiscard]] std::uint32_t read_number(const Document& document, const Node& node, std::uint32_t least,
                                        std::uint32_t most);

/// A text of `least` to `most` bytes without control characters; `what` says in a message what it is. Throws
/// ConfigError.
[[nodiscard]] const std::string& read_text(const Document& document, const Node& node, const std::string& what,
                                           std::size_t least, std::size_t most);

/// The same, and with no blank at either end, so that two names that look alike are the same.
[[nodiscard]] const std::string& read_name(const Document& document, const Node& node, const std::string& what,
                                           std::size_t most);

/// Throws ConfigError unless the node is `true`: what is not wanted is left out.
void read_true(const Document& document, const Node& node);

/// The elements of a list, or the one value that stands in its place. Throws ConfigError if it is empty.
[[nodiscard]] std::vector<const Node*> values_of(const Document& document, const Node& node);

/// An object whose keys are known. What it is not asked for is an error.
class Section {
public:
    /// Without a node it is empty. Throws ConfigError.
    Section(const Document& document, const Node* node, const Words& keys);

    /// Null without the key.
    [[nodiscard]] const Node* find(std::string_view key) const;

    /// Throws ConfigError without the key; `expected` says then what belongs there.
    [[nodiscard]] const Node& require(std::string_view key, const std::string& expected) const;

    /// Leaves `value` alone without the key.
    void number(std::string_view key, std::uint32_t& value, std::uint32_t least, std::uint32_t most) const;

    /// The place of the key's word among those that there are; nothing without the key.
    [[nodiscard]] std::optional<std::size_t> word(std::string_view key, const Words& words) const;

private:
    const Document& document_;
    const Node* node_;
};

} // namespace maptrail::config
