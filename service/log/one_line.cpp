#include "service/log/one_line.hpp"

#include "service/text/utf.hpp"

#include <cstdint>

namespace maptrail {
namespace {

bool must_be_spelled(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

void append_hex(std::string& out, std::uint32_t value, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
        out += "0123456789ABCDEF"[(value >> shift) & 0xFU];
    }
}

} // namespace

std::string one_line(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        if (out.size() >= max_log_message) {
            out += "... (" + std::to_string(text.size()) + " bytes more)";
            break;
        }
        const char32_t c = next_code_point(text);
        if (!must_be_spelled(c)) {
            append_utf8(out, c);
        } else if (c < 0x100) {
            out += "\\x";
            append_hex(out, c, 2);
        } else {
            out += "\\u";
            append_hex(out, c, 4);
        }
    }
    return out;
}

} // namespace maptrail
