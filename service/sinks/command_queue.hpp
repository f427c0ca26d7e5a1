// Commands that wait to be run. No rule fills the queue alone, and none is run again and again while others wait.
#pragma once

#include "service/sinks/command.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace maptrail {

/// One thread at a time.
class CommandQueue {
public:
    /// Of the `most` that wait at once a quarter may be of one rule.
    explicit CommandQueue(std::size_t most) : most_(most) {}

    /// False: there is no room, and it was dropped.
    bool push(Command command);

    /// The oldest of the rule that has the fewest running; it is running from now on. Nothing if none waits.
    [[nodiscard]] std::optional<Command> take();

    /// One of the rule runs no more.
    void ended(const std::string& rule);

    /// Drops all that wait.
    void clear();

    struct Dropped {
        Command last;
        std::uint64_t count = 0;
    };
    /// By rule, since the last call.
    [[nodiscard]] std::vector<Dropped> take_dropped();

    [[nodiscard]] std::size_t waiting() const { return queue_.size(); }
    [[nodiscard]] std::size_t running() const { return running_; }
    [[nodiscard]] std::uint64_t dropped() const { return dropped_count_; } ///< ever

private:
    struct OfRule {
        std::size_t waiting = 0;
        std::size_t running = 0;
    };
    void drop(Command command);
    void forget_if_idle(const std::string& rule);

    std::size_t most_;
    std::size_t running_ = 0;
    std::deque<Command> queue_; ///< the oldest first
    std::map<std::string, OfRule> rules_;
    std::map<std::string, Dropped> dropped_;
    std::uint64_t dropped_count_ = 0;
};

} // namespace maptrail
