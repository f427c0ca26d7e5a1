#include "service/text/text.hpp"

#include "service/text/utf.hpp"

#include <utf8proc.h>

namespace maptrail {
namespace {

constexpr std::string_view ellipsis = "\xE2\x80\xA6";

/// Windows' upcase table is older than Unicode's simple mapping and keeps these as they are. Two of them would become
/// ASCII letters, so that a look-alike name would match.
bool has_no_upper_case_on_windows(char32_t c) {
    return c == 0xB5 || c == 0xDF || c == 0x131 || c == 0x17F;
}

char32_t upper(char32_t c) {
    if (has_no_upper_case_on_windows(c)) {
        return c;
    }
    return static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c)));
}

int width_of(char32_t c) {
    return utf8proc_charwidth(static_cast<utf8proc_int32_t>(c));
}

bool is_bidi_control(char32_t c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x61C;
}

} // namespace

void fold_into(std::string& out, std::string_view utf8) {
    out.clear();
    out.reserve(utf8.size());
    while (!utf8.empty()) {
        const auto first = static_cast<unsigned char>(utf8.front());
        if (first < 0x80) {
            const bool lower = first >= 'a' && first <= 'z';
            out.push_back(static_cast<char>(lower ? first - ('a' - 'A') : first));
            utf8.remove_prefix(1);
        } else {
            append_utf8(out, upper(next_code_point(utf8)));
        }
    }
}

std::string fold(std::string_view utf8) {
    std::string out;
    fold_into(out, utf8);
    return out;
}

int display_width(std::string_view utf8) {
    int columns = 0;
    while (!utf8.empty()) {
        columns += width_of(next_code_point(utf8));
    }
    return columns;
}

std::string fit(std::string_view utf8, int columns) {
    if (display_width(utf8) <= columns) {
        return std::string(utf8);
    }
    const int room = columns - display_width(ellipsis);
    if (room < 0) {
        return {};
    }
    std::string_view rest = utf8;
    std::size_t kept = 0; // bytes up to the last boundary that leaves the room
    int used = 0;
    utf8proc_int32_t previous = -1;
    utf8proc_int32_t state = 0;
    while (!rest.empty()) {
        const std::size_t position = utf8.size() - rest.size();
        const char32_t c = next_code_point(rest);
        const auto current = static_cast<utf8proc_int32_t>(c);
        if (previous >= 0 && utf8proc_grapheme_break_stateful(previous, current, &state)) {
            kept = position;
        }
        used += width_of(c);
        if (used > room) {
            break;
        }
        previous = current;
    }
    return std::string(utf8.substr(0, kept)).append(ellipsis);
}

std::string printable(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    while (!utf8.empty()) {
        const char32_t c = next_code_point(utf8);
        if (c < 0x20) {
            append_utf8(out, 0x2400 + c);
        } else if (c == 0x7F) {
            append_utf8(out, 0x2421);
        } else if ((c >= 0x80 && c <= 0x9F) || c == 0x2028 || c == 0x2029 || is_bidi_control(c)) {
            append_utf8(out, replacement_character);
        } else {
            append_utf8(out, c);
        }
    }
    return out;
}

} // namespace maptrail
