// UTF-8 inside, UTF-16 at Windows' door.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace maptrail {

/// A lone surrogate becomes U+FFFD.
[[nodiscard]] std::string to_utf8(std::u16string_view text);

/// The same into a string that is used again and again.
void to_utf8_into(std::string& out, std::u16string_view text);

/// A path as messages show it.
[[nodiscard]] std::string path_utf8(const std::filesystem::path& path);

/// Bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::u16string to_utf16(std::string_view text);

/// Shortest forms only, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// The text with each byte that belongs to no valid sequence replaced by U+FFFD.
[[nodiscard]] std::string valid_utf8(std::string_view text);

/// At most so many bytes of valid UTF-8, cut so that no sequence is broken.
[[nodiscard]] std::string_view cut_utf8(std::string_view text, std::size_t most);

/// Appends one code point, which must be valid.
void append_utf8(std::string& text, char32_t code_point);

/// Takes the next code point off the front of `text`, which must not be empty. An invalid byte is taken alone and
/// gives U+FFFD.
[[nodiscard]] char32_t next_code_point(std::string_view& text);

inline constexpr char32_t replacement_character = 0xFFFD;

} // namespace maptrail
