#include "service/cli/columns.hpp"

#include "service/text/text.hpp"

#include <algorithm>

namespace maptrail {
namespace {

constexpr std::size_t gap = 2;

std::string shown(const std::string& cell) {
    return cell.empty() ? "-" : printable(cell);
}

} // namespace

std::string Columns::text(std::optional<std::size_t> width) const {
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < titles.size(); ++i) {
        int widest = display_width(titles[i].text);
        for (const auto& row : rows) {
            widest = std::max(widest, display_width(shown(row[i])));
        }
        widths.push_back(static_cast<std::size_t>(widest));
    }
    const auto line = [&](const auto& cell_of) {
        std::string result;
        std::size_t used = 0;
        for (std::size_t i = 0; i < titles.size(); ++i) {
            std::string cell = cell_of(i);
            const bool last = i + 1 == titles.size();
            if (last && width && used < *width) {
                cell = fit(cell, static_cast<int>(*width - used));
            }
            const std::string blanks(widths[i] - std::min(widths[i], static_cast<std::size_t>(display_width(cell))),
                                     ' ');
            result += titles[i].right ? blanks + cell : last ? cell : cell + blanks;
            result += last ? "\n" : std::string(gap, ' ');
            used += widths[i] + gap;
        }
        return result;
    };
    std::string result = line([&](std::size_t i) { return titles[i].text; });
    for (const auto& row : rows) {
        result += line([&](std::size_t i) { return shown(row[i]); });
    }
    return result;
}

} // namespace maptrail
