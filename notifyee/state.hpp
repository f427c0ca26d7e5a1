// What one loaded copy of the DLL knows. There is one of it, zero-initialised, because DllMain must be able to reach
// it.
#pragma once

#include "notifyee/connection.hpp"
#include "notifyee/settings.hpp"
#include "notifyee/spool.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace maptrail::notifyee {

/// Channels that are kept between calls; a further caller at the same moment opens one for itself alone.
inline constexpr std::size_t kept_channels = 16;

/// Both ways to the service, for one call at a time.
struct Channel {
    std::atomic<bool> taken{false};
    Connection connection;
    SpoolFile spool;
};

struct State {
    std::atomic<std::uint64_t> sequence{0};
    std::atomic<std::uint32_t> operation{0};
    std::atomic<std::uint64_t> silent_until{0}; ///< monotonic, 100 ns units: nobody is asked before
    std::array<std::uint8_t, 16> producer{};
    Settings settings;
    SpoolUse spool_use;
    std::array<Channel, kept_channels> channels{};
};

/// Makes producer id and first operation number at the first call. DllMain may not: it holds the loader lock.
State& state();

/// Closes what is kept. For DLL_PROCESS_DETACH with no call under way.
void close_state();

} // namespace maptrail::notifyee
