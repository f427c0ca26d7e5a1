#include "service/text/utf.hpp"

#include <utf8proc.h>

#include <algorithm>

namespace maptrail {
namespace {

bool is_high_surrogate(char16_t unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low_surrogate(char16_t unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/// Bytes of the sequence at the front, 0 if there is none.
std::size_t decode_front(std::string_view text, char32_t& code_point) {
    utf8proc_int32_t value = 0;
    // No sequence is longer than four bytes, and the count must fit the library's signed type.
    const auto length = static_cast<utf8proc_ssize_t>(std::min<std::size_t>(text.size(), 4));
    const utf8proc_ssize_t taken =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), length, &value);
    if (taken <= 0 || value < 0) {
        return 0;
    }
    code_point = static_cast<char32_t>(value);
    return static_cast<std::size_t>(taken);
}

} // namespace

std::string_view cut_utf8(std::string_view text, std::size_t most) {
    if (text.size() <= most) {
        return text;
    }
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) {
        --most;
    }
    return text.substr(0, most);
}

void append_utf8(std::string& text, char32_t code_point) {
    utf8proc_uint8_t bytes[4];
    const utf8proc_ssize_t size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code_point), bytes);
    text.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

char32_t next_code_point(std::string_view& text) {
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x80) {
        text.remove_prefix(1);
        return first;
    }
    char32_t code_point = replacement_character;
    const std::size_t taken = decode_front(text, code_point);
    text.remove_prefix(std::max<std::size_t>(taken, 1));
    return code_point;
}

void to_utf8_into(std::string& out, std::u16string_view text) {
    out.clear();
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char16_t unit = text[i];
        if (unit < 0x80) {
            out.push_back(static_cast<char>(unit));
        } else if (is_high_surrogate(unit) && i + 1 < text.size() && is_low_surrogate(text[i + 1])) {
            append_utf8(out, 0x10000U + ((unit - 0xD800U) << 10U) + (text[i + 1] - 0xDC00U));
            ++i;
        } else if (is_high_surrogate(unit) || is_low_surrogate(unit)) {
            append_utf8(out, replacement_character);
        } else {
            append_utf8(out, unit);
        }
    }
}

std::string to_utf8(std::u16string_view text) {
    std::string out;
    to_utf8_into(out, text);
    return out;
}

std::string path_utf8(const std::filesystem::path& path) {
    return to_utf8(path.u16string());
}

std::u16string to_utf16(std::string_view text) {
    std::u16string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const char32_t code_point = next_code_point(text);
        if (code_point < 0x10000) {
            out.push_back(static_cast<char16_t>(code_point));
        } else {
            out.push_back(static_cast<char16_t>(0xD800U + ((code_point - 0x10000U) >> 10U)));
            out.push_back(static_cast<char16_t>(0xDC00U + ((code_point - 0x10000U) & 0x3FFU)));
        }
    }
    return out;
}

bool is_valid_utf8(std::string_view text) {
    while (!text.empty()) {
        if (static_cast<unsigned char>(text.front()) < 0x80) {
            text.remove_prefix(1);
            continue;
        }
        char32_t code_point = 0;
        const std::size_t taken = decode_front(text, code_point);
        if (taken == 0) {
            return false;
        }
        text.remove_prefix(taken);
    }
    return true;
}

std::string valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        append_utf8(out, next_code_point(text));
    }
    return out;
}

} // namespace maptrail
