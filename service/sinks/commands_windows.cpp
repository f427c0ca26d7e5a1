#include "service/sinks/commands.hpp"

#include "common/win32/error.hpp"

#include <optional>
#include <utility>

namespace maptrail {

CommandRunner::CommandRunner(Report report, CommandRunnerOptions options)
    : report_(std::move(report)), options_(options), stop_(CreateEventW(nullptr, TRUE, FALSE, nullptr)),
      queue_(options.queue) {
    if (!stop_) {
        win32::throw_last_error("cannot make an event");
    }
    try {
        for (std::size_t i = 0; i < options_.at_once; ++i) {
            threads_.emplace_back([this] { work(); });
        }
    } catch (...) {
        stop();
        throw;
    }
}

bool CommandRunner::submit(Command command) {
    const std::lock_guard lock(mutex_);
    if (stopping_) {
        queue_.drop(std::move(command));
        return false;
    }
    if (!queue_.push(std::move(command))) {
        return false;
    }
    changed_.notify_one();
    return true;
}

void CommandRunner::stop() {
    const std::lock_guard one_at_a_time(stop_mutex_);
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        queue_.drop_all();
    }
    SetEvent(stop_.get());
    changed_.notify_all();
    for (std::thread& thread : threads_) {
        thread.join();
    }
    threads_.clear();
    report_dropped();
}

CommandCounts CommandRunner::counts() const {
    const std::lock_guard lock(mutex_);
    CommandCounts counts;
    counts.succeeded = succeeded_;
    counts.failed = failed_;
    counts.dropped = queue_.dropped();
    counts.waiting = queue_.waiting();
    counts.running = queue_.running();
    return counts;
}

void CommandRunner::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return stopping_ || queue_.waiting() != 0; });
        if (stopping_) {
            return;
        }
        const std::optional<Command> command = queue_.take();
        lock.unlock();
        run(*command);
        report_dropped();
        lock.lock();
    }
}

void CommandRunner::run(const Command& command) {
    const CommandResult result = run_command(command, options_.limits, stop_.get(), processes_);
    {
        const std::lock_guard lock(mutex_);
        queue_.ended(command.rule);
        ++(succeeded(result) ? succeeded_ : failed_);
    }
    report_(command, result);
}

void CommandRunner::report_dropped() {
    std::vector<DroppedCommands> dropped;
    {
        const std::lock_guard lock(mutex_);
        dropped = queue_.take_dropped();
    }
    for (const DroppedCommands& of_rule : dropped) {
        CommandResult result;
        result.end = CommandEnd::dropped;
        result.dropped = of_rule.count;
        report_(of_rule.last, result);
    }
}

} // namespace maptrail
