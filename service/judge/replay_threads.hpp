// A Replay by several threads, for long histories: judging by many rules takes longer than reading does.
#pragma once

#include "service/judge/replay.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace maptrail {

/// As many as this machine has processors, within bounds.
[[nodiscard]] unsigned replay_threads();

/// Gives what a Replay of all operations, one after the other, gives: batches are judged beside each other and put
/// together in their order. One thread calls it.
class ReplayThreads {
public:
    /// `rules` must outlive it. `zone` is called by all threads. `threads`: one at the least.
    ReplayThreads(const rules::RuleSet& rules, ZoneOffset zone, std::size_t examples, unsigned threads);
    ReplayThreads(const ReplayThreads&) = delete;
    ReplayThreads& operator=(const ReplayThreads&) = delete;
    ~ReplayThreads();

    /// Waits while much is not judged yet.
    void add(const Operation& operation);

    /// To be called once, after the last. Throws what a thread met with.
    [[nodiscard]] const Replay& finish();

private:
    struct Batch {
        std::vector<Operation> operations;
        std::unique_ptr<Replay> replay;
        bool done = false;
    };

    [[nodiscard]] std::unique_ptr<Replay> make_replay() const;
    void work();
    void hand_over();
    /// Those at the front that are judged.
    void put_together(std::unique_lock<std::mutex>& lock);

    const rules::RuleSet& rules_;
    ZoneOffset zone_;
    std::size_t examples_;
    std::size_t most_waiting_;
    std::unique_ptr<Replay> total_;
    std::unique_ptr<Batch> next_; ///< is filled

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::unique_ptr<Batch>> batches_; ///< in order
    std::size_t taken_ = 0;                      ///< of them, by threads
    bool ended_ = false;
    std::exception_ptr failure_;
    std::vector<std::thread> threads_;
};

} // namespace maptrail
