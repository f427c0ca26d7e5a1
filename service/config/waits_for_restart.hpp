// Which settings a running service can't change.
#pragma once

#include "service/config/config.hpp"

#include <string>

namespace maptrail {

/// The keys that `next` has other values for and that only a start takes up, with commas between them; empty if none.
[[nodiscard]] std::string waits_for_restart(const Config& running, const Config& next);

} // namespace maptrail
