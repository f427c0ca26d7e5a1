// Operations to standard output, in the form that was asked for.
#pragma once

#include "service/cli/environment.hpp"
#include "service/format/writer.hpp"

#include <memory>

namespace maptrail {

/// `style` says what the options decide; time, zone, width and colours are the terminal's.
[[nodiscard]] std::unique_ptr<OperationWriter> operation_writer(Format format, TableStyle style,
                                                                const Terminal& terminal, Environment& environment);

} // namespace maptrail
