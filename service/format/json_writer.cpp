#include "service/format/ecs_json.hpp"
#include "service/format/fields.hpp"
#include "service/format/writer.hpp"

#include <utility>

namespace maptrail {
namespace {

std::string line_of(const Operation& operation, const FieldNames& fields) {
    return json_line(fields.empty() ? operation_to_json(operation) : operation_to_json(operation, fields));
}

class JsonWriter final : public OperationWriter {
public:
    JsonWriter(Output output, FieldNames fields) : output_(std::move(output)), fields_(std::move(fields)) {}

    bool write(const Operation& operation) override {
        const char* const before = std::exchange(started_, true) ? ",\n" : "[\n";
        return output_(before + line_of(operation, fields_));
    }

    bool finish() override { return output_(started_ ? "\n]\n" : "[]\n"); }

private:
    Output output_;
    FieldNames fields_;
    bool started_ = false;
};

class JsonLinesWriter final : public OperationWriter {
public:
    JsonLinesWriter(Output output, FieldNames fields) : output_(std::move(output)), fields_(std::move(fields)) {}

    bool write(const Operation& operation) override { return output_(line_of(operation, fields_) + "\n"); }

    bool finish() override { return true; }

private:
    Output output_;
    FieldNames fields_;
};

} // namespace

std::unique_ptr<OperationWriter> make_json_fields_writer(Output output, FieldNames fields) {
    return std::make_unique<JsonWriter>(std::move(output), std::move(fields));
}

std::unique_ptr<OperationWriter> make_jsonl_fields_writer(Output output, FieldNames fields) {
    return std::make_unique<JsonLinesWriter>(std::move(output), std::move(fields));
}

std::unique_ptr<OperationWriter> make_json_writer(Output output) {
    return make_json_fields_writer(std::move(output), {});
}

std::unique_ptr<OperationWriter> make_jsonl_writer(Output output) {
    return make_jsonl_fields_writer(std::move(output), {});
}

std::unique_ptr<OperationWriter> make_writer(Format format, Output output, const TableStyle& style) {
    switch (format) {
    case Format::json:
        return make_json_fields_writer(std::move(output), style.fields);
    case Format::jsonl:
        return make_jsonl_fields_writer(std::move(output), style.fields);
    case Format::csv:
        return style.fields.empty() ? make_csv_writer(std::move(output))
                                    : make_csv_fields_writer(std::move(output), style.fields, false);
    case Format::one_line:
        return make_line_writer(std::move(output), style);
    case Format::verbose:
        return make_verbose_writer(std::move(output), style);
    case Format::table:
        break;
    }
    return make_table_writer(std::move(output), style);
}

} // namespace maptrail
