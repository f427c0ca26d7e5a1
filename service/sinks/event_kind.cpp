#include "service/sinks/event_kind.hpp"

#include "service/log/one_line.hpp"
#include "service/text/utf.hpp"

#include <algorithm>

namespace maptrail {

namespace {

/// Viewers replace %1, %2... and %%1 in the strings themselves too ("ReportEventW"), and IPv6 addresses have such. A
/// sign at the end could meet what comes after the string.
std::string without_insertions(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char next = i + 1 < text.size() ? text[i + 1] : '%';
        if (text[i] == '%' && (next == '%' || (next >= '0' && next <= '9'))) {
            out += "\\x25";
        } else {
            out += text[i];
        }
    }
    return out;
}

void cut(std::u16string& text, std::size_t most) {
    constexpr std::u16string_view mark = u"...";
    if (text.size() <= most) {
        return;
    }
    std::size_t end = most - mark.size();
    if (text[end - 1] >= 0xD800 && text[end - 1] <= 0xDBFF) {
        --end; // the first half of a pair
    }
    text.resize(end);
    text += mark;
}

} // namespace

const EventShape& shape_of(EventKind kind) {
    return *std::ranges::find(event_shapes, kind, &EventShape::kind);
}

std::uint32_t message_id(const EventShape& shape) {
    return (static_cast<std::uint32_t>(shape.severity) << 30U) | static_cast<std::uint32_t>(shape.kind);
}

std::vector<std::u16string> event_strings(const EventShape& shape, std::span<const std::string> strings) {
    std::vector<std::u16string> result;
    for (std::size_t i = 0; i < shape.strings; ++i) {
        const bool given = i < strings.size() && !strings[i].empty();
        std::u16string text = given ? to_utf16(without_insertions(one_line(strings[i]))) : u"-";
        cut(text, max_event_text / shape.strings);
        result.push_back(std::move(text));
    }
    return result;
}

} // namespace maptrail
