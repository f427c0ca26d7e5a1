#include "service/sinks/command_processes.hpp"

#include "service/identity/process.hpp"

#include <algorithm>

namespace maptrail {

namespace {

constexpr std::size_t most_known = 1024;

// To ask for its job Windows would do with PROCESS_QUERY_LIMITED_INFORMATION, Wine does not. What can't be opened so, a
// protected process, is no command's.
win32::Handle open_process(std::uint32_t pid) {
    return win32::Handle(OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, pid));
}

} // namespace

CommandProcesses::Watched::Watched(CommandProcesses& processes, const Job& job) : processes_(processes), job_(job) {
    const std::lock_guard lock(processes_.mutex_);
    processes_.jobs_.push_back(&job_);
}

CommandProcesses::Watched::~Watched() {
    const std::lock_guard lock(processes_.mutex_);
    std::erase(processes_.jobs_, &job_);
}

void CommandProcesses::remember(const Job& job, std::span<const DWORD> ids) {
    for (const DWORD id : ids) {
        const win32::Handle process = open_process(id);
        // The number may have been given to another one since the job told of it.
        if (!process || !job.contains(process.get())) {
            continue;
        }
        const Known known{id, process_start(process.get())};
        const std::lock_guard lock(mutex_);
        if (known.started == 0 || std::ranges::find(known_, known) != known_.end()) {
            continue;
        }
        if (known_.size() == most_known) {
            known_.pop_front();
        }
        known_.push_back(known);
    }
}

bool CommandProcesses::contains(const ClientProcess& process) const {
    const std::lock_guard lock(mutex_);
    const bool is_known =
        process.started != 0 && std::ranges::find(known_, Known{process.pid, process.started}) != known_.end();
    return is_known || (!jobs_.empty() && is_in_a_job(process));
}

bool CommandProcesses::is_in_a_job(const ClientProcess& process) const {
    const win32::Handle handle = open_process(process.pid);
    if (!handle || (process.started != 0 && process_start(handle.get()) != process.started)) {
        return false;
    }
    return std::ranges::any_of(jobs_, [&](const Job* job) { return job->contains(handle.get()); });
}

} // namespace maptrail
