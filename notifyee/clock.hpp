// Time, as the frame carries it and as the budget is measured.
#pragma once

#include <windows.h>

#include <cstdint>

namespace maptrail::notifyee {

/// FILETIME, UTC.
inline std::uint64_t utc_filetime() {
    FILETIME now{};
    GetSystemTimePreciseAsFileTime(&now);
    return (std::uint64_t{now.dwHighDateTime} << 32U) | now.dwLowDateTime;
}

/// Monotonic, 100 ns units. GetTickCount64 would be too coarse: it steps by 16 ms.
inline std::uint64_t monotonic_100ns() {
    LARGE_INTEGER count{};
    LARGE_INTEGER frequency{};
    // Neither fails on any Windows since XP ("Acquiring high-resolution time stamps").
    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    const auto ticks = static_cast<std::uint64_t>(count.QuadPart);
    const auto per_second = static_cast<std::uint64_t>(frequency.QuadPart);
    constexpr std::uint64_t unit = 10'000'000;
    return ticks / per_second * unit + ticks % per_second * unit / per_second;
}

/// The one deadline that covers all steps of a call.
class Deadline {
public:
    Deadline(std::uint64_t start, std::uint32_t budget_ms) : end_(start + std::uint64_t{budget_ms} * 10'000) {}

    /// Whole milliseconds that are left, rounded down: the budget is a promise to the caller.
    [[nodiscard]] DWORD remaining_ms() const {
        const std::uint64_t now = monotonic_100ns();
        return now >= end_ ? 0 : static_cast<DWORD>((end_ - now) / 10'000);
    }

private:
    std::uint64_t end_;
};

} // namespace maptrail::notifyee
