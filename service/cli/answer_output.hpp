// What the commands that answer questions share: formats, numbers, the terminal.
#pragma once

#include "service/cli/environment.hpp"
#include "service/format/table_cells.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace maptrail {

enum class AnswerFormat { table, json, csv };

/// "table", "json", "csv". Throws UsageError.
[[nodiscard]] AnswerFormat answer_format_of(const std::string& text);

/// -n N, a number from 1 on. Throws UsageError.
[[nodiscard]] std::optional<std::size_t> most_rows_of(const std::optional<std::string>& text);

/// -o and -n.
void add_answer_options(CLI::App& command, std::string& format, std::optional<std::string>& most,
                        const char* what_rows);

/// How a table is shown where standard output goes.
struct Screen {
    std::optional<std::size_t> width; ///< none: a file
    bool colour = false;
    std::int64_t now = 0;
    ZoneOffset zone;

    explicit Screen(Environment& environment);
    /// As the history's table has it.
    [[nodiscard]] std::string time(std::int64_t nanoseconds) const;
};

} // namespace maptrail
