#include "service/cli/operation_output.hpp"

namespace maptrail {

std::unique_ptr<OperationWriter> operation_writer(Format format, TableStyle style, const Terminal& terminal,
                                                  Environment& environment) {
    style.now = environment.now();
    style.zone = style.utc ? [](std::int64_t) { return std::int64_t{0}; } : environment.zone();
    if (terminal.is_terminal) {
        style.width = terminal.width;
        style.colour = terminal.colour;
    }
    Output output = [&environment](std::string_view text) { return environment.write_out(text); };
    if (terminal.is_terminal && format == Format::csv) {
        return style.fields.empty() ? make_terminal_csv_writer(std::move(output))
                                    : make_csv_fields_writer(std::move(output), style.fields, true);
    }
    return make_writer(format, std::move(output), style);
}

} // namespace maptrail
