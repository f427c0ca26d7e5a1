// The connections of those who follow the history. One thread serves all of them, however many, and waits for none.
#pragma once

#include "common/win32/handle.hpp"
#include "service/control/turns.hpp"
#include "service/follow/follower.hpp"

#include <windows.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace maptrail {

struct FollowersOptions {
    std::size_t most = 256;
    std::chrono::milliseconds read_every{50}; ///< at most so often, however much is stored
    /// While something is being recorded all of them together are sent no more than this: in a flood they fall behind
    /// rather than hold it up, and catch up afterwards.
    std::size_t most_a_second = std::size_t{2} * 1024 * 1024;
    std::chrono::milliseconds longest_pause{1'000}; ///< for that; so little is then sent at once
    std::chrono::milliseconds afterwards{1'000};    ///< that nothing was recorded
    std::chrono::milliseconds sign_of_life{1'000};
    std::chrono::milliseconds longest_write{30'000}; ///< who does not read for so long is left
};

class Followers {
public:
    using OpenHistory = std::function<std::unique_ptr<Store>()>;

    /// `error` gets a line for the log. Both are called by its thread. Throws win32::Error.
    Followers(FollowersOptions options, OpenHistory open_history, std::function<void(const std::string&)> error);
    Followers(const Followers&) = delete;
    Followers& operator=(const Followers&) = delete;
    ~Followers();

    void start();
    void stop();

    /// Takes a connected pipe, opened for overlapped I/O, whose client asked for `query` (see Follower), and his turn.
    /// False, and the pipe is left, if there are too many. Any thread.
    [[nodiscard]] bool add(win32::Handle& pipe, Query query, std::unique_ptr<Turns::Turn> turn);

    /// Operations up to this place have ended and are stored. Any thread; costs next to nothing.
    void ended(const Place& place) noexcept;

private:
    using Time = std::chrono::steady_clock::time_point;
    class Connection;

    void run();
    [[nodiscard]] DWORD time_to_wait(Time now) const;
    void take_new();
    void read(Time now);
    void drop_dead(Time now);
    [[nodiscard]] bool is_behind(const Connection& connection) const;
    [[nodiscard]] std::chrono::milliseconds time_for(std::size_t bytes) const;

    FollowersOptions options_;
    OpenHistory open_history_;
    std::function<void(const std::string&)> error_;
    win32::Handle wake_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint64_t> history_{0}; ///< whose places `ended_` is of; another's followers are to be told so
    std::atomic<std::int64_t> ended_{0};
    std::atomic<Time> ended_at_{Time{}}; ///< when that changed
    std::mutex mutex_;                   ///< of the next two
    std::vector<std::unique_ptr<Connection>> new_;
    std::size_t count_ = 0;
    std::vector<std::unique_ptr<Connection>> connections_; ///< the thread's
    Time next_read_{};
    std::string last_failure_;
    std::jthread thread_;
};

} // namespace maptrail
