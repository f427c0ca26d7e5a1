// The cells of the history table: which columns there are at which width, and what stands in them.
#pragma once

#include "common/model/operation.hpp"
#include "service/format/writer.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace maptrail {

/// How much room there is. Few columns and short cells first; `full` is for files and wide terminals.
enum class TableDetail { narrow, medium, full };

[[nodiscard]] TableDetail detail_for(std::optional<std::size_t> width);

struct TableColumn {
    std::string title;
    int least;          ///< columns below which it says nothing; a fixed one has its whole width here
    bool flexible;      ///< may be cut
    bool right = false; ///< numbers
    int usual = 0;      ///< columns that it mostly takes, where rows come one by one
    bool path = false;  ///< cut at the front, the file name stays
    int given_up = 0;   ///< the order in which columns go when even the least is too much; 0 stays
    std::string (*text)(const Operation& operation, const TableStyle& style, TableDetail detail);
    /// What stands there where `text` does not fit: better than a text without its end. May be null.
    std::string (*brief)(const Operation& operation) = nullptr;
};

[[nodiscard]] std::vector<TableColumn> table_columns(TableDetail detail, bool utc = false);

/// "connect"; of a single notification "before connect".
[[nodiscard]] std::string action_text(const Operation& operation);

/// "ERROR_BAD_NETPATH 53", "success", "denied", "unknown", "LOST 3"; "error 53" where there is little room.
[[nodiscard]] std::string result_text(const Operation& operation, TableDetail detail);

} // namespace maptrail
