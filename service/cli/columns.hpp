// A table of texts, as wide as its contents, for commands with few rows.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace maptrail {

struct Columns {
    struct Title {
        std::string text;
        bool right = false; ///< numbers
    };
    std::vector<Title> titles;
    std::vector<std::vector<std::string>> rows; ///< of as many cells each; an empty one is shown as "-"

    /// The last column is cut where the terminal, if there is one, ends. Cells are printable() in it.
    [[nodiscard]] std::string text(std::optional<std::size_t> width) const;
};

} // namespace maptrail
