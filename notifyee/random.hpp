// Random numbers of the system.
#pragma once

#include <windows.h>

#include <cstdint>
#include <span>

// In the SDK it is RtlGenRandom of ntsecapi.h, which needs half of the LSA headers before it.
extern "C" BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);

namespace maptrail::notifyee {

/// False if the system has none to give.
inline bool fill_random(std::span<std::uint8_t> bytes) {
    return SystemFunction036(bytes.data(), static_cast<ULONG>(bytes.size())) != FALSE;
}

} // namespace maptrail::notifyee
