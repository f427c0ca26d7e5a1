// CSV with the columns that were asked for. What csv_writer.cpp says of quotes and line ends holds here too.
#include "service/format/csv_text.hpp"
#include "service/format/fields.hpp"
#include "service/format/writer.hpp"
#include "service/text/text.hpp"

#include <string>
#include <utility>

namespace maptrail {
namespace {

class CsvFieldsWriter final : public OperationWriter {
public:
    CsvFieldsWriter(Output output, FieldNames fields, bool for_terminal)
        : output_(std::move(output)), fields_(std::move(fields)), for_terminal_(for_terminal) {}

    bool write(const Operation& operation) override {
        const auto values = field_texts(operation, fields_);
        std::string line = std::exchange(started_, true) ? std::string() : header();
        auto next = values.begin(); // in the order of the names, less those that it does not have
        for (const std::string& name : fields_) {
            line += &name == fields_.data() ? "" : ",";
            if (next != values.end() && next->first == name) {
                line += csv_field(for_terminal_ ? printable(next->second) : next->second);
                ++next;
            }
        }
        return output_(line + "\r\n");
    }

    bool finish() override { return started_ || output_(header()); }

private:
    [[nodiscard]] std::string header() const {
        std::string line;
        for (const std::string& name : fields_) {
            line += (line.empty() ? "" : ",") + csv_field(name);
        }
        return line + "\r\n";
    }

    Output output_;
    FieldNames fields_;
    bool for_terminal_;
    bool started_ = false;
};

} // namespace

std::unique_ptr<OperationWriter> make_csv_fields_writer(Output output, FieldNames fields, bool for_terminal) {
    return std::make_unique<CsvFieldsWriter>(std::move(output), std::move(fields), for_terminal);
}

} // namespace maptrail
