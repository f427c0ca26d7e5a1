#include "service/cli/operation_output.hpp"

namespace maptrail {

std::unique_ptr<OperationWriter> operation_writer(Format format, const Terminal& terminal, Environment& environment) {
    TableStyle style;
    style.now = environment.now();
    style.zone = environment.zone();
    if (terminal.is_terminal) {
        style.width = terminal.width;
        style.colour = terminal.colour;
    }
    Output output = [&environment](std::string_view text) { return environment.write_out(text); };
    if (terminal.is_terminal && format == Format::csv) {
        return make_terminal_csv_writer(std::move(output));
    }
    return make_writer(format, std::move(output), style);
}

} // namespace maptrail
