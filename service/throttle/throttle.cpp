#include "service/throttle/throttle.hpp"

#include <utility>

namespace maptrail {

namespace {

/// Of a window and its place, besides the key's bytes; near enough.
constexpr std::size_t overhead = 256;

std::size_t memory_of(std::string_view key) {
    return key.size() + overhead;
}

} // namespace

Throttle::Answer Throttle::ask(const Limit& limit) {
    Window& window = window_of(limit);
    if (window.allowed >= limit.most) {
        return hold_back(window);
    }
    ++window.allowed;
    const Answer answer{true, std::exchange(window.suppressed, 0)};
    forget_oldest();
    return answer;
}

Throttle::Answer Throttle::ask(const Limit& limit, const Limit& overall) {
    Window& own = window_of(limit);
    if (own.allowed >= limit.most) {
        return hold_back(own);
    }
    Window& all = window_of(overall);
    if (all.allowed >= overall.most) {
        return hold_back(all);
    }
    ++own.allowed;
    ++all.allowed;
    const Answer answer{true, std::exchange(own.suppressed, 0) + std::exchange(all.suppressed, 0)};
    forget_oldest();
    return answer;
}

Throttle::Answer Throttle::hold_back(Window& window) {
    ++window.suppressed;
    ++suppressed_;
    forget_oldest();
    return {};
}

/// Stays where it is until forget_oldest().
Throttle::Window& Throttle::window_of(const Limit& limit) {
    if (const auto found = places_.find(limit.key); found != places_.end()) {
        windows_.splice(windows_.begin(), windows_, found->second);
    } else {
        windows_.push_front({std::string(limit.key), {}, 0, 0});
        places_.emplace(windows_.front().key, windows_.begin());
        used_ += memory_of(limit.key);
    }
    Window& window = windows_.front();
    const Clock::time_point now = clock_();
    if (window.allowed == 0 || now - window.begin >= limit.window) {
        window.begin = now;
        window.allowed = 0;
    }
    return window;
}

void Throttle::forget_oldest() {
    while (used_ > memory_ && windows_.size() > 1) {
        used_ -= memory_of(windows_.back().key);
        places_.erase(windows_.back().key);
        windows_.pop_back();
    }
}

} // namespace maptrail
