#include "service/text/wrap.hpp"

#include "service/text/text.hpp"

#include <algorithm>

namespace maptrail {
namespace {

constexpr std::size_t least_columns = 20; ///< of text: narrower, a terminal may break lines by itself

/// Bytes of `text` that take at most `columns`, whole code points; one at the least.
std::size_t bytes_within(std::string_view text, std::size_t columns) {
    std::size_t end = 0;
    while (end < text.size()) {
        std::size_t next = end + 1;
        while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U) {
            ++next;
        }
        if (end != 0 && static_cast<std::size_t>(display_width(text.substr(0, next))) > columns) {
            return end;
        }
        end = next;
    }
    return end;
}

} // namespace

std::string wrapped(std::string_view utf8, std::size_t indent, std::optional<std::size_t> width) {
    const std::string margin(indent, ' ');
    if (!width) {
        return margin + std::string(utf8) + "\n";
    }
    const std::size_t room = std::max(least_columns, *width - std::min(*width, indent));
    std::string result;
    std::string line;
    std::size_t used = 0;
    const auto end_line = [&] {
        result += margin + line + "\n";
        line.clear();
        used = 0;
    };
    while (!utf8.empty()) {
        const std::size_t blank = std::min(utf8.find(' '), utf8.size());
        std::string_view word = utf8.substr(0, blank);
        utf8.remove_prefix(std::min(blank + 1, utf8.size()));
        auto columns = static_cast<std::size_t>(display_width(word));
        if (used != 0 && used + 1 + columns > room) {
            end_line();
        }
        for (; columns > room; columns = static_cast<std::size_t>(display_width(word))) {
            const std::size_t part = bytes_within(word, room);
            line = word.substr(0, part);
            word.remove_prefix(part);
            end_line();
        }
        line += (used == 0 ? "" : " ") + std::string(word);
        used += columns + (used == 0 ? 0 : 1);
    }
    if (used != 0 || result.empty()) {
        end_line();
    }
    return result;
}

} // namespace maptrail
