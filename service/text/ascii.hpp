// Comparing words that are ASCII by their nature.
#pragma once

#include <algorithm>
#include <string_view>

namespace maptrail {

[[nodiscard]] constexpr char lower_ascii(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whatever the case of the letters.
[[nodiscard]] constexpr bool equal_ascii(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower_ascii(x) == lower_ascii(y); });
}

} // namespace maptrail
