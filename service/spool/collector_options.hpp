// What the collector of spool files needs and tells.
#pragma once

#include "common/model/notification.hpp"
#include "service/spool/fair_order.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace maptrail::spool {

struct CollectorSystem {
    std::function<std::int64_t()> clock;           ///< nanoseconds since 1970, UTC
    std::function<void(Identity&)> fill_in_names;  ///< user and domain, from the SID; may ask somebody. May be empty
    std::function<void(const std::string&)> error; ///< one line for the log
};

struct CollectorOptions {
    std::chrono::milliseconds pause{1'000};     ///< from one round to the next, at least
    std::chrono::milliseconds look{10'000};     ///< to the next round if nothing tells of new files
    std::chrono::milliseconds patience{10'000}; ///< with a file without a good header: its writer may be at it
    OwnerLimits owner;
};

struct CollectorCounts {
    std::uint64_t files = 0;   ///< collected and removed, the damaged ones too
    std::uint64_t frames = 0;  ///< moved to the inbox
    std::uint64_t damaged = 0; ///< stretches of bytes that are no frame, and files that are no spool files
    std::uint64_t waiting = 0; ///< files that the last round left in the folder
};

} // namespace maptrail::spool
