#include "service/sinks/run_command.hpp"

#include "service/sinks/child_pipe.hpp"
#include "service/sinks/command_line.hpp"
#include "service/sinks/job.hpp"
#include "service/sinks/program_file.hpp"
#include "service/text/utf.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

namespace maptrail {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// How often the job is asked for its processes.
constexpr milliseconds look_every{25};

/// For processes that were ended to be gone, and their output read.
constexpr milliseconds end_within{1000};

std::wstring line_for(const std::wstring& program, const std::vector<std::string>& arguments) {
    std::vector<std::u16string> wide;
    for (const std::string& argument : arguments) {
        if (argument.find('\0') != std::string::npos) {
            throw std::runtime_error("an argument has a zero in it");
        }
        wide.push_back(to_utf16(argument));
    }
    const std::u16string line = command_line({reinterpret_cast<const char16_t*>(program.data()), program.size()}, wide);
    if (line.size() > max_command_line) {
        throw std::runtime_error("its arguments are too long for a command line");
    }
    return {line.begin(), line.end()};
}

/// A command that runs.
class Running {
public:
    Running(const Command& command, const CommandLimits& limits, CommandProcesses& processes, const AccountCalls& calls)
        : command_(command), limits_(limits), processes_(processes), job_(limits), watched_(processes, job_) {
        const ProgramFile file(command.run.program);
        ChildPipe input = make_child_pipe(ToChild::yes);
        ChildPipe output = make_child_pipe(ToChild::no);
        input_.emplace(std::move(input.ours));
        output_.emplace(std::move(output.ours));
        ProcessStart start;
        start.program = file.path();
        start.command_line = line_for(start.program, command.run.arguments);
        start.account = command.run.account;
        start.input = input.childs.get();
        start.output = output.childs.get();
        start.job = job_.get();
        process_ = start_process(start, calls);
        deadline_ = Clock::now() + std::chrono::seconds(command.run.timeout_s);
    }

    /// Until it has ended, one way or the other.
    void run(HANDLE stop, CommandResult& result) {
        if (command_.event.empty()) {
            input_->close();
        } else {
            input_->write(command_.event);
        }
        output_->read(room_);
        std::optional<CommandEnd> end;
        while (!end) {
            wait(stop);
            move(result);
            end = ended(stop, result);
        }
        result.end = *end;
        finish(result);
    }

private:
    void wait(HANDLE stop) {
        std::array<HANDLE, 4> events = {stop, process_.get()};
        DWORD count = 2;
        for (const HANDLE event : {input_->event(), output_->event()}) {
            if (event != nullptr) {
                events[count++] = event;
            }
        }
        WaitForMultipleObjects(count, events.data(), FALSE, static_cast<DWORD>(look_every.count()));
    }

    /// What came over the pipes meanwhile.
    void move(CommandResult& result) {
        if (input_->take()) {
            input_->close(); // the end of the event
        }
        if (const auto size = output_->take()) {
            result.output_size += *size;
            const std::size_t kept = std::min(*size, limits_.output_kept - result.output.size());
            result.output.append(room_.data(), kept);
            output_->read(room_);
        }
    }

    [[nodiscard]] std::optional<CommandEnd> ended(HANDLE stop, CommandResult& result) {
        const Job::Members members = job_.members();
        processes_.remember(job_, members.ids);
        if (result.output_size > limits_.output_read) {
            return CommandEnd::flooded;
        }
        if (members.count >= limits_.processes) {
            return CommandEnd::too_many_processes;
        }
        if (WaitForSingleObject(process_.get(), 0) == WAIT_OBJECT_0) {
            DWORD code = 0;
            // That it is not known must not look like success.
            result.exit_code = GetExitCodeProcess(process_.get(), &code) ? code : GetLastError();
            return CommandEnd::exited;
        }
        if (WaitForSingleObject(stop, 0) == WAIT_OBJECT_0) {
            return CommandEnd::stopped;
        }
        return Clock::now() >= deadline_ ? std::optional(CommandEnd::timed_out) : std::nullopt;
    }

    /// Ends what is left, and reads what it had written.
    void finish(CommandResult& result) {
        job_.end();
        const auto until = Clock::now() + end_within;
        WaitForSingleObject(process_.get(), static_cast<DWORD>(end_within.count()));
        // A handle that it gave to somebody else's process keeps the pipe open.
        while (output_->is_open() && result.output_size <= limits_.output_read && Clock::now() < until) {
            if (const HANDLE event = output_->event()) {
                WaitForSingleObject(event, static_cast<DWORD>(look_every.count()));
            }
            move(result);
        }
    }

    const Command& command_;
    const CommandLimits& limits_;
    CommandProcesses& processes_;
    Job job_;
    CommandProcesses::Watched watched_;
    std::array<char, 4096> room_{};
    std::optional<ChildPipeEnd> input_;
    std::optional<ChildPipeEnd> output_;
    win32::Handle process_;
    Clock::time_point deadline_;
};

} // namespace

CommandResult run_command(const Command& command, const CommandLimits& limits, HANDLE stop, CommandProcesses& processes,
                          const AccountCalls& calls) noexcept {
    CommandResult result;
    const auto begun = Clock::now();
    try {
        Running running(command, limits, processes, calls);
        running.run(stop, result);
    } catch (const std::exception& error) {
        result.end = CommandEnd::not_run;
        result.reason = error.what();
    }
    result.took = std::chrono::duration_cast<milliseconds>(Clock::now() - begun);
    return result;
}

} // namespace maptrail
