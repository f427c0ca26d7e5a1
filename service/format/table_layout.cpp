#include "service/format/table_layout.hpp"

#include "service/text/text.hpp"

#include <algorithm>
#include <limits>

namespace maptrail {
namespace {

int sum(const TableLayout& layout) {
    int total = 0;
    for (const std::size_t i : layout.shown) {
        total += layout.widths[i] + layout.gap;
    }
    return total - layout.gap;
}

/// Takes columns away from the widest flexible column until the row fits or none can give any more.
void shrink(const std::vector<TableColumn>& columns, TableLayout& layout, int room) {
    while (sum(layout) > room) {
        const auto slack = [&](std::size_t i) { return columns[i].flexible ? layout.widths[i] - columns[i].least : 0; };
        const auto most = std::ranges::max_element(layout.shown, {}, slack);
        if (most == layout.shown.end() || slack(*most) <= 0) {
            return;
        }
        --layout.widths[*most];
    }
}

/// Takes away the column that is given up first. False if none may be.
bool give_up(const std::vector<TableColumn>& columns, TableLayout& layout) {
    const auto order = [&](std::size_t i) {
        return columns[i].given_up == 0 ? std::numeric_limits<int>::max() : columns[i].given_up;
    };
    const auto first = std::ranges::min_element(layout.shown, {}, order);
    if (first == layout.shown.end() || columns[*first].given_up == 0) {
        return false;
    }
    layout.shown.erase(first);
    return true;
}

} // namespace

TableLayout lay_out(const std::vector<TableColumn>& columns, const std::vector<int>& natural,
                    std::optional<std::size_t> width) {
    TableLayout layout;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        layout.shown.push_back(i);
    }
    layout.widths = natural;
    if (!width) {
        return layout;
    }
    const int room = static_cast<int>(std::min<std::size_t>(*width, 10'000));
    if (detail_for(width) == TableDetail::narrow) {
        layout.gap = 1;
    }
    for (;;) {
        layout.widths = natural;
        shrink(columns, layout, room);
        if (sum(layout) <= room || !give_up(columns, layout)) {
            return layout;
        }
    }
}

std::string cut_to(const std::string& text, int columns, bool path) {
    if (display_width(text) <= columns) {
        return text;
    }
    if (!path) {
        return fit(text, columns);
    }
    // The longest tail that starts at a separator.
    for (std::size_t at = text.find('\\'); at != std::string::npos; at = text.find('\\', at + 1)) {
        std::string tail = "…" + text.substr(at);
        if (display_width(tail) <= columns) {
            return tail;
        }
    }
    const std::size_t last = text.rfind('\\');
    return fit(last == std::string::npos ? text : text.substr(last + 1), columns);
}

} // namespace maptrail
