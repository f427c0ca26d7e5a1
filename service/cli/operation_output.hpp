// Operations to standard output, in the form that was asked for.
#pragma once

#include "service/cli/environment.hpp"
#include "service/format/writer.hpp"

#include <memory>

namespace maptrail {

[[nodiscard]] std::unique_ptr<OperationWriter> operation_writer(Format format, const Terminal& terminal,
                                                                Environment& environment);

} // namespace maptrail
