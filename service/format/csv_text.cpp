#include "service/format/csv_text.hpp"

#include "service/text/text.hpp"

namespace maptrail {

std::string csv_field(std::string text) {
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

std::string csv_line(const std::vector<std::string>& fields, bool for_terminal) {
    std::string line;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        line += (i == 0 ? "" : ",") + csv_field(for_terminal ? printable(fields[i]) : fields[i]);
    }
    return line + "\r\n";
}

} // namespace maptrail
