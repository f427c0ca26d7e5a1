// JSON with the place of every key and value, so that an error can say where it is.
#pragma once

#include "service/config/config_error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace maptrail::config {

struct Member;

/// A value. Its text is where it starts in the document.
struct Node {
    struct Null {};
    struct Array {};
    struct Object {};
    std::variant<Null, bool, std::int64_t, std::uint64_t, double, std::string, Array, Object> value;
    std::size_t offset = 0; ///< of its first character
    std::size_t size = 0;   ///< of its text; 1 for an array or an object
    std::vector<Member> members;
};

struct Member {
    std::string key;
    std::size_t offset = 0; ///< of the key; in an array of the value
    Node node;
};

/// What a document may hold. It bounds what a file of a megabyte costs to read, in memory and in time.
inline constexpr std::size_t max_depth = 32;
inline constexpr std::size_t max_values = 32'768;
inline constexpr std::size_t max_keys = 64; ///< of one object

class Document {
public:
    /// Throws ConfigError: not JSON, a key twice, more than the bounds above. A byte order mark of UTF-8 is passed
    /// over.
    Document(std::string_view text, std::string file);

    [[nodiscard]] const Node& root() const { return root_; }

    /// Keys with dots between them, places in arrays in brackets: rules[3].when.remote.
    [[nodiscard]] std::string path_of(const Node& node) const { return path_at(node.offset); }

    /// Throws a ConfigError that points at a key, with its path.
    [[noreturn]] void fail(const Member& member, const std::string& problem) const;

    /// Throws a ConfigError that points at the node, with its path.
    [[noreturn]] void fail(const Node& node, const std::string& problem) const;

    /// Throws "found X; expected Y" at the node.
    [[noreturn]] void fail_expected(const Node& node, const std::string& expected) const;

private:
    [[noreturn]] void fail(std::size_t offset, const std::string& path, const std::string& problem) const;
    [[nodiscard]] std::string path_at(std::size_t offset) const;

    friend class Builder;
    std::string_view text_;
    std::string file_;
    Node root_;
};

/// The word that was probably meant; empty if none is near.
[[nodiscard]] std::string_view nearest(std::string_view word, const std::vector<std::string_view>& words);

/// In quotes, on one line, not too long.
[[nodiscard]] std::string in_quotes(std::string_view text);

} // namespace maptrail::config
