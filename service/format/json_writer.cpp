#include "service/format/ecs_json.hpp"
#include "service/format/writer.hpp"

#include <utility>

namespace maptrail {
namespace {

class JsonWriter final : public OperationWriter {
public:
    explicit JsonWriter(Output output) : output_(std::move(output)) {}

    bool write(const Operation& operation) override {
        const char* const before = std::exchange(started_, true) ? ",\n" : "[\n";
        return output_(before + json_line(operation_to_json(operation)));
    }

    bool finish() override { return output_(started_ ? "\n]\n" : "[]\n"); }

private:
    Output output_;
    bool started_ = false;
};

class JsonLinesWriter final : public OperationWriter {
public:
    explicit JsonLinesWriter(Output output) : output_(std::move(output)) {}

    bool write(const Operation& operation) override { return output_(json_line(operation_to_json(operation)) + "\n"); }

    bool finish() override { return true; }

private:
    Output output_;
};

} // namespace

std::unique_ptr<OperationWriter> make_json_writer(Output output) {
    return std::make_unique<JsonWriter>(std::move(output));
}

std::unique_ptr<OperationWriter> make_jsonl_writer(Output output) {
    return std::make_unique<JsonLinesWriter>(std::move(output));
}

std::unique_ptr<OperationWriter> make_writer(Format format, Output output, const TableStyle& style) {
    switch (format) {
    case Format::json:
        return make_json_writer(std::move(output));
    case Format::jsonl:
        return make_jsonl_writer(std::move(output));
    case Format::csv:
        return make_csv_writer(std::move(output));
    case Format::table:
        break;
    }
    return make_table_writer(std::move(output), style);
}

} // namespace maptrail
