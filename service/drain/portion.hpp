// How much a step of a chore takes on, so that it never holds up a batch for long.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace maptrail {

/// Begins with the least. More after a short step, less after a long one, the least after one that failed.
class Portion {
public:
    Portion(std::uint64_t least, std::uint64_t most) : least_(least), most_(most), size_(least) {}

    /// Whether the next step takes on the least.
    [[nodiscard]] bool is_least() const { return size_ == least_; }

    /// Calls `step` with how much it may take on; it says whether it took on all of that. What it throws goes through.
    template <class Step>
    void take(const Step& step) {
        using Clock = std::chrono::steady_clock;
        const std::uint64_t size = std::exchange(size_, least_);
        const Clock::time_point begin = Clock::now();
        const bool full = step(size);
        const Clock::duration took = Clock::now() - begin;
        if (took > long_step) {
            size_ = std::max(size / 2, least_);
        } else if (took < short_step && full) {
            size_ = std::min(size * 2, most_);
        } else {
            size_ = size;
        }
    }

private:
    static constexpr std::chrono::milliseconds short_step{100};
    static constexpr std::chrono::milliseconds long_step{200};

    std::uint64_t least_;
    std::uint64_t most_;
    std::uint64_t size_;
};

} // namespace maptrail
