// The machine's own time zone, by the C runtime's rules.
#pragma once

#include "service/format/time_text.hpp"

namespace maptrail {

[[nodiscard]] ZoneOffset local_zone();

/// Looks for another zone: without it, the one that the machine had when it was asked first stays.
void refresh_local_zone();

} // namespace maptrail
