#include "service/sinks/command_queue.hpp"

#include <algorithm>
#include <utility>

namespace maptrail {

bool CommandQueue::push(Command command) {
    const std::size_t most_of_rule = std::max<std::size_t>(most_ / 4, 1);
    const auto found = rules_.find(command.rule);
    if (queue_.size() >= most_ || (found != rules_.end() && found->second.waiting >= most_of_rule)) {
        drop(std::move(command));
        return false;
    }
    ++rules_[command.rule].waiting;
    queue_.push_back(std::move(command));
    return true;
}

std::optional<Command> CommandQueue::take() {
    const auto next =
        std::ranges::min_element(queue_, {}, [&](const Command& command) { return rules_.at(command.rule).running; });
    if (next == queue_.end()) {
        return std::nullopt;
    }
    Command command = std::move(*next);
    queue_.erase(next);
    OfRule& rule = rules_.at(command.rule);
    --rule.waiting;
    ++rule.running;
    ++running_;
    return command;
}

void CommandQueue::ended(const std::string& rule) {
    --rules_.at(rule).running;
    --running_;
    forget_if_idle(rule);
}

void CommandQueue::clear() {
    while (!queue_.empty()) {
        Command command = std::move(queue_.front());
        queue_.pop_front();
        --rules_.at(command.rule).waiting;
        forget_if_idle(command.rule);
        drop(std::move(command));
    }
}

std::vector<CommandQueue::Dropped> CommandQueue::take_dropped() {
    std::vector<Dropped> result;
    for (auto& [rule, dropped] : std::exchange(dropped_, {})) {
        result.push_back(std::move(dropped));
    }
    return result;
}

void CommandQueue::drop(Command command) {
    Dropped& dropped = dropped_[command.rule];
    dropped.last = std::move(command);
    ++dropped.count;
    ++dropped_count_;
}

void CommandQueue::forget_if_idle(const std::string& rule) {
    const auto found = rules_.find(rule);
    if (found->second.waiting == 0 && found->second.running == 0) {
        rules_.erase(found);
    }
}

} // namespace maptrail
