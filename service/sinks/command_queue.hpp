// Which command runs next: they wait in bounds, and no rule's keep those of others from running.
#pragma once

#include "service/sinks/command.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace maptrail {

struct CommandQueueLimits {
    std::size_t waiting = 256;
    std::size_t waiting_of_a_rule = 64; ///< a quarter: somebody who has one rule match in a loop does not fill it
};

/// Commands of one rule that were never run.
struct DroppedCommands {
    Command last; ///< without its event
    std::uint64_t count = 0;
};

/// One thread at a time.
class CommandQueue {
public:
    explicit CommandQueue(CommandQueueLimits limits = {}) : limits_(limits) {}

    /// False: too many wait, of that rule or of all, and it was dropped.
    bool push(Command command);

    /// That of the rule of which fewest run; of several the one that waits longest. It runs from then on until ended()
    /// is told. Nothing: none waits.
    [[nodiscard]] std::optional<Command> take();
    void ended(const std::string& rule);

    void drop(Command command);
    void drop_all(); ///< that wait

    /// Those that were dropped since the last call, by rule. Of more rules than a configuration may have the rest are
    /// only counted.
    [[nodiscard]] std::vector<DroppedCommands> take_dropped();

    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
    [[nodiscard]] std::size_t running() const { return running_; }
    [[nodiscard]] std::uint64_t dropped() const { return dropped_count_; } ///< ever

private:
    struct OfRule {
        std::size_t waiting = 0;
        std::size_t running = 0;
    };
    void forget_if_idle(const std::string& rule);

    CommandQueueLimits limits_;
    std::list<Command> waiting_;          ///< the one that came first, first
    std::map<std::string, OfRule> rules_; ///< of those with commands that wait or run
    std::size_t running_ = 0;
    std::map<std::string, DroppedCommands> dropped_;
    std::uint64_t dropped_count_ = 0;
};

} // namespace maptrail
