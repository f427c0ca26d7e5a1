// All instances of the notify pipe, and whose clients they serve: how many a process has, and who must go when there is
// no more room.
#pragma once

#include "service/listen/pipe_instance.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace maptrail {

/// Any thread. What is done for each frame takes no lock.
class Instances {
public:
    PipeInstance& add(std::unique_ptr<PipeInstance> instance);

    /// Frees it, and counts its client out.
    void remove(PipeInstance& instance);

    void clear();

    /// A client of that process has come. False: the process holds `most` connections already.
    bool admit(PipeInstance& instance, std::uint64_t process, std::size_t most);

    /// The client, if one was admitted, is gone.
    void leave(PipeInstance& instance);

    /// The client has sent something.
    void touch(PipeInstance& instance) { instance.last_used.store(++uses_, std::memory_order_relaxed); }

    /// Makes the one go that has been idle longest, of those of the process that holds most: its operation ends with
    /// ERROR_OPERATION_ABORTED. Its owner connects again when it has something to say. False: nobody can.
    bool evict();

    /// Ends the operations of all.
    void cancel_all();

    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] std::size_t clients() const;

    /// Those that were made to go and have not gone yet.
    [[nodiscard]] std::size_t leaving() const;

    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

private:
    void count_out(PipeInstance& instance);

    mutable std::mutex mutex_; ///< of all that follows, which changes with clients, not with frames
    std::unordered_map<PipeInstance*, std::unique_ptr<PipeInstance>> instances_;
    std::unordered_map<std::uint64_t, std::size_t> processes_; ///< connections of each
    std::size_t clients_ = 0;
    std::size_t leaving_ = 0;

    std::atomic<std::uint64_t> uses_{0};
    std::atomic<std::uint64_t> evicted_{0};
};

} // namespace maptrail
