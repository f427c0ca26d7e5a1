// How wide each column of the table is.
#pragma once

#include "service/format/table_cells.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace maptrail {

struct TableLayout {
    std::vector<std::size_t> shown; ///< indexes of the columns that are there
    std::vector<int> widths;        ///< of every column
    int gap = 2;                    ///< blanks between two of them
};

/// `natural` is what each column's contents want. Columns that can be cut give way, the widest first; then whole
/// columns go, in their order, until the rest fits into `width`.
[[nodiscard]] TableLayout lay_out(const std::vector<TableColumn>& columns, const std::vector<int>& natural,
                                  std::optional<std::size_t> width);

/// The text as it fits into `columns`: cut at its end, or, of a path, at its front.
[[nodiscard]] std::string cut_to(const std::string& text, int columns, bool path);

} // namespace maptrail
