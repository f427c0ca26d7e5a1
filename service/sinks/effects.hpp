// What matched rules and losses do to the world, once they are stored: events of the Event Log, and commands.
#pragma once

#include "common/model/loss.hpp"
#include "common/model/operation.hpp"
#include "service/rules/rule_set.hpp"
#include "service/sinks/command.hpp"
#include "service/sinks/event_kind.hpp"
#include "service/throttle/throttle.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace maptrail {

/// What Effects has of the world. Called by whatever thread calls it.
struct EffectsSystem {
    std::function<void(EventKind, const std::vector<std::string>&)> report; ///< writes one event
    std::function<void(const std::string&)> error;                          ///< one line for the log
    std::function<void(Command)> run;                                       ///< starts it later; waits for nothing
    /// Whether a rule's command made that call: then it starts no other one.
    std::function<bool(const ClientProcess&)> is_own;
    std::function<Throttle::Clock::time_point()> clock = &Throttle::Clock::now;
};

/// So many events in a minute, of a rule without a throttle of its own, of its commands, and of losses of one kind:
/// whoever maps drives in a loop shall not push everything else out of the Event Log.
inline constexpr std::uint32_t most_events_a_minute = 60;

/// So many times in a minute whatever a rule's throttle says of each value of its key: who connects chooses the values,
/// and each new one begins a count of its own. Ten a second are more than anybody reads, and little for the machine.
inline constexpr std::uint32_t most_throttled_a_minute = 600;

/// Any number of threads.
class Effects {
public:
    explicit Effects(EffectsSystem system) : system_(std::move(system)), throttle_(system_.clock) {}

    /// What is done for a rule is what the configuration in force says of the rule of that name; of one that is not in
    /// it any more only events are left.
    void take(std::shared_ptr<const rules::RuleSet> rules);

    /// For each of the operation's matched rules: an event if it denied, would have denied, or logs, and its command.
    /// Both together count once for its throttle.
    void act(const Operation& operation);

    void lost(const Loss& loss);

    /// Tells of a command that did not do what it was asked to.
    void ended(const Command& command, const CommandResult& result);

private:
    void act(const Operation& operation, const MatchedRule& matched, const rules::Rule* rule);

    [[nodiscard]] Throttle::Answer ask(const std::string& key);
    [[nodiscard]] Throttle::Answer ask(const Operation& operation, const std::string& rule,
                                       const rules::Throttle* throttle);

    EffectsSystem system_;
    std::mutex mutex_; ///< of what follows
    Throttle throttle_;
    std::shared_ptr<const rules::RuleSet> rules_;
};

} // namespace maptrail
