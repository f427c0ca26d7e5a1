// The commands of rules: they wait in a CommandQueue and run, a few at once, on threads of their own.
#pragma once

#include "common/win32/handle.hpp"
#include "service/sinks/command_processes.hpp"
#include "service/sinks/command_queue.hpp"
#include "service/sinks/run_command.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace maptrail {

struct CommandRunnerOptions {
    std::size_t at_once = 4;
    CommandQueueLimits queue; ///< more are dropped
    CommandLimits limits;
};

struct CommandCounts {
    std::uint64_t succeeded = 0; ///< exit code 0
    std::uint64_t failed = 0;    ///< started or not, ended in any other way
    std::uint64_t dropped = 0;
    std::size_t waiting = 0;
    std::size_t running = 0;
};

/// Any number of threads.
class CommandRunner {
public:
    /// Is told how each command ended, on a thread of the runner; any number at once. Those that were dropped are told
    /// together, once for each rule, with the next that ends. Must not throw.
    using Report = std::function<void(const Command&, const CommandResult&)>;

    /// Throws win32::Error or std::system_error.
    explicit CommandRunner(Report report, CommandRunnerOptions options = {});
    CommandRunner(const CommandRunner&) = delete;
    CommandRunner& operator=(const CommandRunner&) = delete;
    ~CommandRunner() { stop(); }

    /// Waits for nothing. False: too many wait, of its rule or of all, or it was stopped, and the command was dropped.
    bool submit(Command command);

    /// Ends what runs, drops what waits, within 2 s. Returns when the last report was made.
    void stop();

    /// Whether that very process was started by a command, itself or through others.
    [[nodiscard]] bool started(const ClientProcess& process) const { return processes_.contains(process); }

    [[nodiscard]] CommandCounts counts() const;

private:
    void work();
    void run(const Command& command);
    void report_dropped();

    Report report_;
    CommandRunnerOptions options_;
    CommandProcesses processes_;
    win32::Handle stop_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    CommandQueue queue_;
    std::uint64_t succeeded_ = 0;
    std::uint64_t failed_ = 0;
    bool stopping_ = false;

    std::mutex stop_mutex_; ///< of those who stop it
    std::vector<std::thread> threads_;
};

} // namespace maptrail
