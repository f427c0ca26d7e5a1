#pragma once

#include <cstdint>

namespace maptrail {

enum class LogLevel : std::uint8_t { trace, debug, info, warn, error, off };

} // namespace maptrail
