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
    std::string path; ///< keys with dots between them
};

struct Member {
    std::string key;
    std::size_t offset = 0; ///< of the key
    Node node;
};

class Document {
public:
    /// Throws ConfigError: not JSON, a key twice, too deep. A byte order mark of UTF-8 is passed over.
    Document(std::string_view text, std::string file);

    [[nodiscard]] const Node& root() const { return root_; }

    /// Throws a ConfigError that points at `offset`.
    [[noreturn]] void fail(std::size_t offset, const std::string& path, const std::string& problem) const;

    /// Throws "found X; expected Y" at the node.
    [[noreturn]] void fail_expected(const Node& node, const std::string& expected) const;

private:
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
