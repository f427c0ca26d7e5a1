#include "service/format/table_layout.hpp"
#include "service/format/writer.hpp"
#include "service/text/text.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace maptrail {
namespace {

/// So many rows decide how wide the columns are; what comes after them is fitted in.
constexpr std::size_t measured_rows = 200;

std::string_view colour_of(Outcome outcome) {
    switch (outcome) {
    case Outcome::failure:
        return "\x1b[31m";
    case Outcome::denied:
        return "\x1b[35m";
    case Outcome::unknown:
    case Outcome::pending:
        return "\x1b[33m";
    case Outcome::success:
        break;
    }
    return {};
}

struct Row {
    std::vector<std::string> cells;
    std::vector<std::string> briefs; ///< empty where there is none
    Outcome outcome = Outcome::success;
};

class TableWriter final : public OperationWriter {
public:
    TableWriter(Output output, TableStyle style)
        : output_(std::move(output)), style_(std::move(style)), detail_(detail_for(style_.width)),
          columns_(table_columns(detail_, style_.utc)) {}

    bool write(const Operation& operation) override {
        Row row{.cells = {}, .briefs = {}, .outcome = operation.outcome};
        for (const TableColumn& column : columns_) {
            std::string text = printable(column.text(operation, style_, detail_));
            row.cells.push_back(text.empty() ? "-" : std::move(text));
            row.briefs.push_back(column.brief != nullptr ? column.brief(operation) : std::string());
        }
        if (laid_out_) {
            return output_(line(row));
        }
        waiting_.push_back(std::move(row));
        return waiting_.size() < measured_rows || lay_out_waiting();
    }

    [[nodiscard]] std::size_t waiting() const override { return waiting_.size(); }

    bool flush() override { return laid_out_ || (waiting_.empty() && !style_.live) || lay_out_waiting(); }

    bool finish() override { return laid_out_ || waiting_.empty() || lay_out_waiting(); }

private:
    bool lay_out_waiting() {
        Row titles;
        std::vector<int> natural;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            int width = std::max(display_width(columns_[i].title), style_.live ? columns_[i].usual : 0);
            for (const Row& row : waiting_) {
                width = std::max(width, display_width(row.cells[i]));
            }
            natural.push_back(width);
            titles.cells.push_back(columns_[i].title);
            titles.briefs.emplace_back();
        }
        layout_ = lay_out(columns_, natural, style_.width);
        laid_out_ = true;
        std::string text = style_.colour ? "\x1b[1m" + line(titles) + "\x1b[0m" : line(titles);
        for (const Row& row : waiting_) {
            text += line(row);
        }
        const bool written = output_(text);
        if (written) {
            waiting_.clear();
        }
        return written;
    }

    [[nodiscard]] std::string fitted(const Row& row, std::size_t i, int width) const {
        const bool fits = display_width(row.cells[i]) <= width;
        return cut_to(fits || row.briefs[i].empty() ? row.cells[i] : row.briefs[i], width, columns_[i].path);
    }

    /// Without a limit nothing is cut: a later, longer cell pushes its row on.
    [[nodiscard]] std::string line(const Row& row) const {
        std::string text;
        for (const std::size_t i : layout_.shown) {
            const TableColumn& column = columns_[i];
            const int width = layout_.widths[i];
            const std::string cell = style_.width ? fitted(row, i, width) : row.cells[i];
            const auto blanks = static_cast<std::size_t>(std::max(0, width - display_width(cell)));
            const std::string_view colour = style_.colour && column.title == "RESULT" ? colour_of(row.outcome) : "";
            text += column.right ? std::string(blanks, ' ') : std::string();
            text += colour.empty() ? cell : std::string(colour) + cell + "\x1b[0m";
            if (i != layout_.shown.back()) {
                text += column.right ? std::string() : std::string(blanks, ' ');
                text.append(static_cast<std::size_t>(layout_.gap), ' ');
            }
        }
        return text + "\n";
    }

    Output output_;
    TableStyle style_;
    TableDetail detail_;
    std::vector<TableColumn> columns_;
    std::vector<Row> waiting_;
    TableLayout layout_;
    bool laid_out_ = false;
};

} // namespace

std::unique_ptr<OperationWriter> make_table_writer(Output output, TableStyle style) {
    return std::make_unique<TableWriter>(std::move(output), std::move(style));
}

} // namespace maptrail
