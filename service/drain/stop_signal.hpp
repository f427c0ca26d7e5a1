// Tells threads to end, also while they wait.
//
// Not std::stop_token with std::condition_variable_any: its wait ends in the destructor of a std::stop_callback, and
// that waits with std::atomic::wait, which in libstdc++ 12 misses a notification where there is no futex, as on
// Windows. A thread that stopped at the wrong moment then stays for ever.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace maptrail {

/// Any number of threads may use one.
class StopSignal {
public:
    void request() {
        {
            const std::scoped_lock lock(mutex_);
            requested_ = true;
        }
        changed_.notify_all();
    }

    [[nodiscard]] bool requested() const {
        const std::scoped_lock lock(mutex_);
        return requested_;
    }

    /// Waits until the stop is requested, or the time is over. True if it is requested.
    bool wait_for(std::chrono::milliseconds time) const {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, time, [&] { return requested_; });
    }

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    bool requested_ = false;
};

} // namespace maptrail
