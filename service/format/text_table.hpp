// A table of texts that fits the terminal: columns give way as those of the history do.
#pragma once

#include "service/format/table_layout.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maptrail {

struct TextTable {
    struct Cell {
        std::string text;          ///< an empty one is shown as "-"
        std::string_view colour{}; ///< an escape sequence; none if it is empty
    };
    std::vector<TableColumn> columns; ///< their `text` and `brief` are not used
    std::vector<std::vector<Cell>> rows;

    /// With its titles. Cells are printable() in it. Without a width nothing is cut.
    [[nodiscard]] std::string text(std::optional<std::size_t> width, bool colour) const;
};

/// A column of it. `given_up` is the order in which columns go where there is no room; 0 stays.
[[nodiscard]] TableColumn text_column(std::string title, int given_up = 0);
[[nodiscard]] TableColumn number_column(std::string title, int given_up = 0);
/// May be cut down to `least` columns; of a path the front goes.
[[nodiscard]] TableColumn flexible_column(std::string title, int least, bool path = false, int given_up = 0);

inline constexpr std::string_view colour_bad = "\x1b[31m";
inline constexpr std::string_view colour_denied = "\x1b[35m";

} // namespace maptrail
