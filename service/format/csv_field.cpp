#include "service/format/csv_field.hpp"

#include <string_view>

namespace maptrail {

std::string csv_field(std::string text) {
    // A spreadsheet takes such a field for a formula, and anyone may put one into a name.
    if (!text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos) {
        text.insert(text.begin(), '\'');
    }
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
        return text;
    }
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c;
        if (c == '"') {
            quoted += c;
        }
    }
    return quoted + '"';
}

} // namespace maptrail
