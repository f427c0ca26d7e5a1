// "At most so many in so much time": keeps what others cause from burying everything else.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace maptrail {

/// One thread at a time.
class Throttle {
public:
    using Clock = std::chrono::steady_clock;

    static constexpr std::size_t default_memory = 4U << 20U; ///< bytes

    /// When its keys take more memory than that, those that were not asked for the longest are forgotten: what they
    /// stand for may happen again at once.
    explicit Throttle(std::function<Clock::time_point()> clock = &Clock::now, std::size_t memory = default_memory)
        : clock_(std::move(clock)), memory_(memory) {}

    struct Answer {
        bool allowed = false;
        std::uint64_t suppressed = 0; ///< of an allowed one: how many were not, with that key, since the last that was
    };

    /// The first of a key begins a window of time in which `most` may happen; the first after its end begins the next.
    /// A key says whose effect it is and for what, in any bytes.
    struct Limit {
        std::string_view key;
        std::uint32_t most = 1;
        std::chrono::seconds window{};
    };

    /// Whether one more may happen.
    [[nodiscard]] Answer ask(const Limit& limit);

    /// Whether one more may happen by both. What one of them holds back does not count for the other; what either held
    /// back is told with the next that both let through.
    [[nodiscard]] Answer ask(const Limit& limit, const Limit& overall);

    [[nodiscard]] std::uint64_t suppressed() const { return suppressed_; } ///< of all keys, ever
    [[nodiscard]] std::size_t keys() const { return windows_.size(); }

private:
    struct Window {
        std::string key;
        Clock::time_point begin;
        std::uint32_t allowed = 0;
        std::uint64_t suppressed = 0;
    };

    [[nodiscard]] Window& window_of(const Limit& limit);
    [[nodiscard]] Answer hold_back(Window& window);
    void forget_oldest();

    std::function<Clock::time_point()> clock_;
    std::size_t memory_;
    std::list<Window> windows_; ///< the one that was asked for last, first
    std::unordered_map<std::string_view, std::list<Window>::iterator> places_;
    std::size_t used_ = 0;
    std::uint64_t suppressed_ = 0;
};

} // namespace maptrail
