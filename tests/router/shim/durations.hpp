// How long the parts of a call took: a program that measures a call sees but the whole of it.
#pragma once

#include <cstdint>

namespace maptrail::router {

/// In microseconds; of all notifyees together where there are several. All zero where the call was refused up
/// front; `operation` zero where a notifyee refused it.
struct Durations {
    std::int64_t before = 0;    ///< the notifyees, before the operation
    std::int64_t operation = 0; ///< the provider
    std::int64_t after = 0;     ///< the notifyees, after it
};

/// Of this thread's last call.
[[nodiscard]] Durations& last_durations();

} // namespace maptrail::router
