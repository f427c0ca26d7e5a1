// Operations as text, one by one, in the form that was asked for.
#pragma once

#include "common/model/operation.hpp"
#include "service/format/time_text.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maptrail {

enum class Format { table, json, jsonl, csv, one_line, verbose };

/// Takes text; false once nobody reads any more.
using Output = std::function<bool(std::string_view)>;

class OperationWriter {
public:
    OperationWriter() = default;
    OperationWriter(const OperationWriter&) = delete;
    OperationWriter& operator=(const OperationWriter&) = delete;
    virtual ~OperationWriter() = default;

    /// False once nobody reads any more: stop then.
    virtual bool write(const Operation& operation) = 0;

    /// Rows that were given and not written yet: nobody can have read them.
    [[nodiscard]] virtual std::size_t waiting() const { return 0; }

    /// Writes what was held back, so that all that was given can be seen. False as above.
    virtual bool flush() { return true; }

    /// To be called once, after the last; also without any operation.
    virtual bool finish() = 0;
};

struct TableStyle {
    std::optional<std::size_t> width; ///< columns of the terminal; none: as wide as it takes
    bool colour = false;
    std::int64_t now = 0; ///< whose year goes without saying on a narrow terminal
    ZoneOffset zone;
    bool utc = false; ///< the zone is UTC, and times say so
    /// Rows come one by one: widths are not those of the first few, but what such rows usually take.
    bool live = false;
    std::vector<std::string> fields = {}; ///< the only ones of JSON, CSV and verbose, by their dotted names; empty: all
};

using FieldNames = std::vector<std::string>; ///< dotted; of JSON empty means all

[[nodiscard]] std::unique_ptr<OperationWriter> make_json_writer(Output output);  ///< one array
[[nodiscard]] std::unique_ptr<OperationWriter> make_jsonl_writer(Output output); ///< an object a line
[[nodiscard]] std::unique_ptr<OperationWriter> make_json_fields_writer(Output output, FieldNames fields);
[[nodiscard]] std::unique_ptr<OperationWriter> make_jsonl_fields_writer(Output output, FieldNames fields);
[[nodiscard]] std::unique_ptr<OperationWriter> make_csv_writer(Output output);
/// Fields are printable(), so that no name drives the terminal or feigns a row.
[[nodiscard]] std::unique_ptr<OperationWriter> make_terminal_csv_writer(Output output);
/// These fields, under their dotted names. `for_terminal` as above.
[[nodiscard]] std::unique_ptr<OperationWriter> make_csv_fields_writer(Output output, FieldNames fields,
                                                                      bool for_terminal);
[[nodiscard]] std::unique_ptr<OperationWriter> make_line_writer(Output output, TableStyle style);    ///< as in a log
[[nodiscard]] std::unique_ptr<OperationWriter> make_verbose_writer(Output output, TableStyle style); ///< all fields
/// Gives `writer` a row for each notification of an operation that tells them; any other row as it is.
[[nodiscard]] std::unique_ptr<OperationWriter> make_notification_writer(std::unique_ptr<OperationWriter> writer);
[[nodiscard]] std::unique_ptr<OperationWriter> make_table_writer(Output output, TableStyle style);

[[nodiscard]] std::unique_ptr<OperationWriter> make_writer(Format format, Output output, const TableStyle& style);

} // namespace maptrail
