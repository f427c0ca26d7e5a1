#include "service/format/text_table.hpp"

#include "service/text/text.hpp"

#include <algorithm>
#include <utility>

namespace maptrail {
namespace {

std::string cell_text(const TextTable::Cell& cell) {
    return cell.text.empty() ? "-" : printable(cell.text);
}

} // namespace

TableColumn text_column(std::string title, int given_up) {
    return {.title = std::move(title), .least = 0, .flexible = false, .given_up = given_up, .text = nullptr};
}

TableColumn number_column(std::string title, int given_up) {
    TableColumn column = text_column(std::move(title), given_up);
    column.right = true;
    return column;
}

TableColumn flexible_column(std::string title, int least, bool path, int given_up) {
    TableColumn column = text_column(std::move(title), given_up);
    column.least = least;
    column.flexible = true;
    column.path = path;
    return column;
}

std::string TextTable::text(std::optional<std::size_t> width, bool colour) const {
    std::vector<int> natural;
    std::vector<Cell> titles;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        int widest = display_width(columns[i].title);
        for (const auto& row : rows) {
            widest = std::max(widest, display_width(cell_text(row[i])));
        }
        natural.push_back(widest);
        titles.push_back({columns[i].title});
    }
    const TableLayout layout = lay_out(columns, natural, width);
    const auto line = [&](const std::vector<Cell>& row) {
        std::string result;
        for (const std::size_t i : layout.shown) {
            const TableColumn& column = columns[i];
            const std::string whole = cell_text(row[i]);
            const std::string cell = width ? cut_to(whole, layout.widths[i], column.path) : whole;
            const std::string blanks(static_cast<std::size_t>(std::max(0, layout.widths[i] - display_width(cell))),
                                     ' ');
            result += column.right ? blanks : "";
            result += colour && !row[i].colour.empty() ? std::string(row[i].colour) + cell + "\x1b[0m" : cell;
            if (i != layout.shown.back()) {
                result += (column.right ? "" : blanks) + std::string(static_cast<std::size_t>(layout.gap), ' ');
            }
        }
        return result + "\n";
    };
    std::string result = colour ? "\x1b[1m" + line(titles) + "\x1b[0m" : line(titles);
    for (const auto& row : rows) {
        result += line(row);
    }
    return result;
}

} // namespace maptrail
