// The calls that took longest, with their parts: what says where the time went.
#pragma once

#include "tests/router/shim/durations.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace maptrail::test {

struct MeasuredCall {
    std::chrono::system_clock::time_point began;
    std::int64_t microseconds = 0;
    std::optional<router::Durations> parts; ///< none where the router is not the tests' stand-in
};

/// The parts of this thread's last call, by the stand-in router.
[[nodiscard]] std::optional<router::Durations> parts_of_last_call();

/// Keeps the ten longest calls of many threads.
class Slowest {
public:
    void add(const MeasuredCall& call);

    /// The longest one first.
    [[nodiscard]] std::vector<MeasuredCall> calls() const;

private:
    static constexpr std::size_t most = 10;

    mutable std::mutex mutex_;
    std::vector<MeasuredCall> calls_;
};

} // namespace maptrail::test
