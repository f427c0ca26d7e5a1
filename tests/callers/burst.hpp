// Many operations from many threads.
#pragma once

#include "tests/callers/slowest.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace maptrail::test {

struct Burst {
    std::uint32_t operations = 0; ///< connects and disconnects together; even
    std::uint32_t threads = 1;
    std::wstring tag;                    ///< part of each share's name, so that two processes do not meet
    std::wstring drives;                 ///< letters; each of the first threads has one of its own for every other pair
    std::int64_t pause_milliseconds = 0; ///< of a thread after each operation
    std::filesystem::path until;         ///< no pair begins when this file is there; empty: all operations are made
    /// Calls are timed when this file is there; empty: all are.
    std::filesystem::path timed_from;
};

/// A notification's budget, and the pipe's part of it, after which its frame goes into the spool. A call has two
/// notifications; it is a slow one when it, with all that the router and the provider do, is longer than one budget.
inline constexpr std::chrono::milliseconds budget{50};
inline constexpr std::chrono::milliseconds pipe_budget{40};

struct BurstResult {
    std::uint32_t made = 0;
    std::uint32_t failed = 0; ///< of those made
    std::uint32_t timed = 0;
    std::uint32_t slow = 0;   ///< of those timed: longer than a budget
    std::uint32_t waited = 0; ///< of all: longer than the pipe's part of a budget
    std::int64_t milliseconds = 0;
    std::int64_t longest_microseconds = 0; ///< of one call that was timed, with all that the router and the provider do
    /// Of those timed: notifications longer than their budget, and the longest one; without a stand-in router unknown.
    std::uint32_t slow_notifications = 0;
    std::int64_t longest_notification_microseconds = 0;
    std::vector<MeasuredCall> slowest; ///< some of those timed, the longest first
};

/// Each thread connects and disconnects in turn until all operations are made, or the file is there.
[[nodiscard]] BurstResult run(const Burst& burst);

} // namespace maptrail::test
