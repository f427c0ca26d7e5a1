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

Throttle::Answer Throttle::ask(std::string_view key, std::uint32_t most, std::chrono::seconds length) {
    const Clock::time_point now = clock_();
    Window& window = window_of(key);
    if (window.allowed == 0 || now - window.begin >= length) {
        window.begin = now;
        window.allowed = 0;
    }
    if (window.allowed >= most) {
        ++window.suppressed;
        ++suppressed_;
        return {};
    }
    ++window.allowed;
    return {true, std::exchange(window.suppressed, 0)};
}

Throttle::Window& Throttle::window_of(std::string_view key) {
    if (const auto found = places_.find(key); found != places_.end()) {
        windows_.splice(windows_.begin(), windows_, found->second);
        return windows_.front();
    }
    windows_.push_front({std::string(key), {}, 0, 0});
    places_.emplace(windows_.front().key, windows_.begin());
    used_ += memory_of(key);
    while (used_ > memory_ && windows_.size() > 1) {
        used_ -= memory_of(windows_.back().key);
        places_.erase(windows_.back().key);
        windows_.pop_back();
    }
    return windows_.front();
}

} // namespace maptrail
