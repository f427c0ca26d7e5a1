// Many operations from many threads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace maptrail::test {

struct Burst {
    std::uint32_t operations = 0; ///< connects and disconnects together; even
    std::uint32_t threads = 1;
    std::wstring tag;                    ///< part of each share's name, so that two processes do not meet
    std::wstring drives;                 ///< letters; each of the first threads has one of its own for every other pair
    std::int64_t slow_milliseconds = 50; ///< a call that takes longer is a slow one; a notification's budget
    std::int64_t pause_milliseconds = 0; ///< of a thread after each operation
    std::filesystem::path until;         ///< no pair begins when this file is there; empty: all operations are made
};

struct BurstResult {
    std::uint32_t made = 0;
    std::uint32_t failed = 0; ///< of those made
    std::uint32_t slow = 0;
    std::int64_t milliseconds = 0;
    std::int64_t longest_microseconds = 0; ///< of one call, with all that the router and the provider do
};

/// Each thread connects and disconnects in turn until all operations are made, or the file is there.
[[nodiscard]] BurstResult run(const Burst& burst);

} // namespace maptrail::test
