#include "service/format/csv_text.hpp"

#include "service/text/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace maptrail {

namespace {

/// What a formula begins with; the wide ones are taken for the others where text is Chinese or Japanese.
constexpr std::array<std::string_view, 8> formula_signs{
    "=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};

/// Where a list is separated by semicolons or tabs, a field with one in it becomes two cells.
constexpr std::string_view separators = ";\t\r\n";

bool is_formula(std::string_view cell) {
    cell.remove_prefix(std::min(cell.find_first_not_of(" \""), cell.size()));
    return std::ranges::any_of(formula_signs, [cell](std::string_view sign) { return cell.starts_with(sign); });
}

std::string without_formulas(std::string_view text) {
    const bool odd_start = !text.empty() && separators.substr(1).find(text.front()) != std::string_view::npos;
    std::string safe = odd_start || is_formula(text) ? "'" : "";
    for (std::size_t i = 0; i < text.size(); ++i) {
        safe += text[i];
        if (separators.find(text[i]) != std::string_view::npos && is_formula(text.substr(i + 1))) {
            safe += '\'';
        }
    }
    return safe;
}

} // namespace

std::string csv_field(std::string_view field) {
    std::string text = without_formulas(field);
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
