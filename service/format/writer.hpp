// Operations as text, one by one, in the form that was asked for.
#pragma once

#include "common/model/operation.hpp"
#include "service/format/time_text.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace maptrail {

enum class Format { table, json, jsonl, csv };

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

    /// To be called once, after the last; also without any operation.
    virtual bool finish() = 0;
};

struct TableStyle {
    std::optional<std::size_t> width; ///< columns of the terminal; none: as wide as it takes
    bool colour = false;
    std::int64_t now = 0; ///< whose year goes without saying on a narrow terminal
    ZoneOffset zone;
};

[[nodiscard]] std::unique_ptr<OperationWriter> make_json_writer(Output output);  ///< one array
[[nodiscard]] std::unique_ptr<OperationWriter> make_jsonl_writer(Output output); ///< an object a line
[[nodiscard]] std::unique_ptr<OperationWriter> make_csv_writer(Output output);
/// Fields are printable(), so that no name drives the terminal or feigns a row.
[[nodiscard]] std::unique_ptr<OperationWriter> make_terminal_csv_writer(Output output);
[[nodiscard]] std::unique_ptr<OperationWriter> make_table_writer(Output output, TableStyle style);

[[nodiscard]] std::unique_ptr<OperationWriter> make_writer(Format format, Output output, const TableStyle& style);

} // namespace maptrail
