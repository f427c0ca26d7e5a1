// Patterns with * and ?, as people type them for names and paths.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace maptrail {

/// `*` stands for any run of characters, `?` for one. Nothing else is special: names are full of backslashes and
/// brackets. Case does not count. Without a wildcard the pattern is the whole name. Time grows with the product of
/// the lengths at worst, never faster.
class Glob {
public:
    explicit Glob(std::string_view pattern);

    [[nodiscard]] bool matches(std::string_view utf8) const;

    /// The same for text that went through fold().
    [[nodiscard]] bool matches_folded(std::string_view folded) const noexcept;

    [[nodiscard]] const std::string& folded_pattern() const { return pattern_; }

private:
    std::string pattern_;
    std::size_t head_ = 0; ///< bytes before the first wildcard
    std::size_t tail_ = 0; ///< bytes after the last one
    bool wild_ = false;
};

} // namespace maptrail
