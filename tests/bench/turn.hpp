// Where callers wait for each other. Not std::barrier: its wait can miss the notification where there is no futex
// (libstdc++ 12), and the measurement would never end.
#pragma once

#include <condition_variable>
#include <mutex>

namespace maptrail::bench {

class Turn {
public:
    explicit Turn(unsigned callers) : callers_(callers) {}

    void arrive_and_wait() {
        std::unique_lock lock(mutex_);
        const unsigned round = round_;
        ++arrived_;
        go_on_if_all_are_here();
        changed_.wait(lock, [&] { return round_ != round; });
    }

    /// One caller fewer from now on.
    void leave() {
        const std::scoped_lock lock(mutex_);
        --callers_;
        go_on_if_all_are_here();
    }

private:
    void go_on_if_all_are_here() {
        if (arrived_ == callers_) {
            arrived_ = 0;
            ++round_;
            changed_.notify_all();
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    unsigned callers_;
    unsigned arrived_ = 0;
    unsigned round_ = 0;
};

} // namespace maptrail::bench
