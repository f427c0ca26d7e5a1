// Operations for people without a table: a line for each, as in a log, or all of its fields.
#include "service/format/ecs_json.hpp"
#include "service/format/fields.hpp"
#include "service/format/table_cells.hpp"
#include "service/format/words.hpp"
#include "service/format/writer.hpp"
#include "service/text/text.hpp"

#include <string>
#include <utility>

namespace maptrail {
namespace {

std::string line_time(const Operation& operation, const TableStyle& style) {
    return local_time(operation.start, style.zone) + (style.utc ? "Z" : "");
}

/// "net.exe[4711]"
std::string program_with_pid(const Operation& operation) {
    const std::string name = file_name_of(operation.process.path);
    const std::string pid = operation.process.pid == 0 ? std::string() : std::to_string(operation.process.pid);
    return (name.empty() ? "-" : name) + (pid.empty() ? std::string() : "[" + pid + "]");
}

class LineWriter final : public OperationWriter {
public:
    LineWriter(Output output, TableStyle style) : output_(std::move(output)), style_(std::move(style)) {}

    bool write(const Operation& operation) override {
        std::string line = line_time(operation, style_);
        for (const std::string& word : {operation.host, program_with_pid(operation) + ":", who_text(operation.identity),
                                        action_text(operation), operation.local_name}) {
            line += word.empty() ? std::string() : " " + word;
        }
        const bool inferred = operation.remote_from == RemoteFrom::record;
        const std::string remote = operation.action == Action::loss
                                       ? operation.reason
                                       : operation.remote_name + (inferred ? " (inferred)" : "");
        line += remote.empty() ? std::string() : " " + remote;
        return output_(printable(line + ": " + result_text(operation, TableDetail::full)) + "\n");
    }

    bool finish() override { return true; }

private:
    Output output_;
    TableStyle style_;
};

class VerboseWriter final : public OperationWriter {
public:
    VerboseWriter(Output output, TableStyle style) : output_(std::move(output)), style_(std::move(style)) {}

    bool write(const Operation& operation) override {
        std::string text = line_time(operation, style_) + " [" + std::to_string(operation.id) + "]\n";
        for (const auto& [name, value] : field_texts(operation, style_.fields)) {
            text += "    " + name + "=" + printable(value) + "\n";
        }
        return output_(text);
    }

    bool finish() override { return true; }

private:
    Output output_;
    TableStyle style_;
};

} // namespace

std::unique_ptr<OperationWriter> make_line_writer(Output output, TableStyle style) {
    return std::make_unique<LineWriter>(std::move(output), std::move(style));
}

std::unique_ptr<OperationWriter> make_verbose_writer(Output output, TableStyle style) {
    return std::make_unique<VerboseWriter>(std::move(output), std::move(style));
}

} // namespace maptrail
