#include "service/sinks/commands.hpp"

#include "common/win32/error.hpp"

#include <utility>

namespace maptrail {

CommandRunner::CommandRunner(Report report, CommandRunnerOptions options)
    : report_(std::move(report)), options_(options), stop_(CreateEventW(nullptr, TRUE, FALSE, nullptr)) {
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
    if (stopping_ || queue_.size() >= options_.waiting) {
        ++counts_.dropped;
        ++dropped_.count;
        dropped_.last = std::move(command);
        return false;
    }
    queue_.push_back(std::move(command));
    changed_.notify_one();
    return true;
}

void CommandRunner::stop() {
    const std::lock_guard one_at_a_time(stop_mutex_);
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        if (!queue_.empty()) {
            counts_.dropped += queue_.size();
            dropped_.count += queue_.size();
            dropped_.last = std::move(queue_.back());
            queue_.clear();
        }
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
    CommandCounts counts = counts_;
    counts.waiting = queue_.size();
    return counts;
}

void CommandRunner::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (stopping_) {
            return;
        }
        const Command command = std::move(queue_.front());
        queue_.pop_front();
        ++counts_.running;
        lock.unlock();
        run(command);
        report_dropped();
        lock.lock();
    }
}

void CommandRunner::run(const Command& command) {
    const CommandResult result = run_command(command, options_.limits, stop_.get(), processes_);
    {
        const std::lock_guard lock(mutex_);
        --counts_.running;
        ++(succeeded(result) ? counts_.succeeded : counts_.failed);
    }
    report_(command, result);
}

void CommandRunner::report_dropped() {
    Dropped dropped;
    {
        const std::lock_guard lock(mutex_);
        dropped = std::exchange(dropped_, {});
    }
    if (dropped.count == 0) {
        return;
    }
    CommandResult result;
    result.end = CommandEnd::dropped;
    result.dropped = dropped.count;
    report_(dropped.last, result);
}

} // namespace maptrail
