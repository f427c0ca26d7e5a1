#include "service/sinks/command_queue.hpp"

#include <algorithm>
#include <utility>

namespace maptrail {

bool CommandQueue::push(Command command) {
    const auto known = rules_.find(command.rule);
    const std::size_t waiting = known == rules_.end() ? 0 : known->second.waiting;
    if (waiting_.size() >= limits_.waiting || waiting >= limits_.waiting_of_a_rule) {
        drop(std::move(command));
        return false;
    }
    OfRule& of_rule = rules_[command.rule];
    waiting_.push_back(std::move(command));
    ++of_rule.waiting;
    return true;
}

std::optional<Command> CommandQueue::take() {
    const auto next = std::ranges::min_element(
        waiting_, {}, [this](const Command& command) { return rules_.at(command.rule).running; });
    if (next == waiting_.end()) {
        return std::nullopt;
    }
    std::optional<Command> command(std::move(*next));
    waiting_.erase(next);
    OfRule& of_rule = rules_.at(command->rule);
    --of_rule.waiting;
    ++of_rule.running;
    ++running_;
    return command;
}

void CommandQueue::ended(const std::string& rule) {
    --rules_.at(rule).running;
    --running_;
    forget_if_idle(rule);
}

void CommandQueue::drop(Command command) {
    ++dropped_count_;
    if (dropped_.size() >= rules::max_rules && !dropped_.contains(command.rule)) {
        return;
    }
    DroppedCommands& of_rule = dropped_[command.rule];
    ++of_rule.count;
    command.event.clear();
    command.event.shrink_to_fit();
    of_rule.last = std::move(command);
}

void CommandQueue::drop_all() {
    while (!waiting_.empty()) {
        Command command = std::move(waiting_.front());
        waiting_.pop_front();
        --rules_.at(command.rule).waiting;
        forget_if_idle(command.rule);
        drop(std::move(command));
    }
}

std::vector<DroppedCommands> CommandQueue::take_dropped() {
    std::vector<DroppedCommands> dropped;
    dropped.reserve(dropped_.size());
    for (auto& [rule, of_rule] : dropped_) {
        dropped.push_back(std::move(of_rule));
    }
    dropped_.clear();
    return dropped;
}

void CommandQueue::forget_if_idle(const std::string& rule) {
    const auto found = rules_.find(rule);
    if (found->second.waiting == 0 && found->second.running == 0) {
        rules_.erase(found);
    }
}

} // namespace maptrail
