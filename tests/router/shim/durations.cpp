#include "tests/router/shim/durations.hpp"

namespace maptrail::router {

Durations& last_durations() {
    thread_local Durations durations;
    return durations;
}

} // namespace maptrail::router

/// For programs that measure: no function of Windows' own router.
extern "C" void MapTrailLastDurations(maptrail::router::Durations* durations) {
    *durations = maptrail::router::last_durations();
}
