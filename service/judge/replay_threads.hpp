// A Replay by several threads, for long histories: judging by many rules takes longer than reading does.
#pragma once

#include "service/judge/replay.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace maptrail {

/// As many as this machine has processors, within bounds.
[[nodiscard]] unsigned replay_threads();

/// Gives what a Replay of all operations, one after the other, gives: batches are judged beside each other and put
/// together in their order. One thread calls it.
class ReplayThreads {
public:
    /// `rules` must outlive it. `zone` is called by all threads, `groups` by the one that calls add() alone. `threads`:
    /// one at the least; fewer are started if the system has no more. Throws std::system_error if it has none.
    ReplayThreads(const rules::RuleSet& rules, ZoneOffset zone, std::size_t examples, unsigned threads,
                  RecordedJudge::Groups groups = {});
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

    [[nodiscard]] std::unique_ptr<Replay> make_replay();
    void learn_groups(std::uint64_t set);
    void work();
    void hand_over();
    /// Those at the front that are judged.
    void put_together(std::unique_lock<std::mutex>& lock);

    const rules::RuleSet& rules_;
    ZoneOffset zone_;
    std::size_t examples_;
    std::size_t most_waiting_;
    RecordedJudge::Groups groups_;
    std::mutex groups_mutex_;
    std::unordered_map<std::uint64_t, std::optional<std::vector<std::string>>> known_groups_;
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
