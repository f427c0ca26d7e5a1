// What one loaded copy of the DLL knows. There is one of it, zero-initialised, because DllMain must be able to reach
// it.
#pragma once

#include "notifyee/connection.hpp"

#include "common/product.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace maptrail::notifyee {

/// Connections that are kept between calls; a further caller at the same moment opens one for itself alone.
inline constexpr std::size_t kept_connections = 16;

struct State {
    std::atomic<std::uint64_t> sequence{0};
    std::atomic<std::uint32_t> operation{0};
    std::atomic<std::uint32_t> budget_ms{default_budget_ms};
    std::array<std::uint8_t, 16> producer{};
    std::array<KeptConnection, kept_connections> connections{};
};

/// Makes producer id and first operation number at the first call. DllMain may not: it holds the loader lock.
State& state();

/// Closes what is kept. For DLL_PROCESS_DETACH with no call under way.
void close_state();

} // namespace maptrail::notifyee
