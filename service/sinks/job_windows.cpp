#include "service/sinks/job.hpp"

#include "common/win32/error.hpp"

#include <cstddef>

namespace maptrail {

namespace {

/// A limit on processes keeps a command's below that; some that come between two looks are listed next time.
constexpr std::size_t most_listed = 256;

/// The exit code of what is ended.
constexpr UINT ended = ERROR_PROCESS_ABORTED;

struct ProcessIds {
    DWORD count;
    DWORD listed;
    ULONG_PTR ids[most_listed];
};
static_assert(offsetof(ProcessIds, ids) == offsetof(JOBOBJECT_BASIC_PROCESS_ID_LIST, ProcessIdList));

} // namespace

JOBOBJECT_EXTENDED_LIMIT_INFORMATION job_limits(const CommandLimits& limits) {
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION information{};
    information.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE |
                                                   JOB_OBJECT_LIMIT_ACTIVE_PROCESS | JOB_OBJECT_LIMIT_JOB_MEMORY |
                                                   JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
    information.BasicLimitInformation.ActiveProcessLimit = limits.processes;
    information.JobMemoryLimit = limits.memory;
    return information;
}

Job::Job(const CommandLimits& limits) : job_(CreateJobObjectW(nullptr, nullptr)) {
    if (!job_) {
        win32::throw_last_error("cannot make a job object");
    }
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION information = job_limits(limits);
    if (!SetInformationJobObject(job_.get(), JobObjectExtendedLimitInformation, &information, sizeof information)) {
        win32::throw_last_error("cannot set the limits of a job object");
    }
}

Job::Members Job::members() const {
    ProcessIds found{};
    Members members;
    if (!QueryInformationJobObject(job_.get(), JobObjectBasicProcessIdList, &found, sizeof found, nullptr) &&
        GetLastError() != ERROR_MORE_DATA) {
        return members;
    }
    members.count = found.count;
    for (DWORD i = 0; i < found.listed; ++i) {
        members.ids.push_back(static_cast<DWORD>(found.ids[i]));
    }
    return members;
}

bool Job::contains(HANDLE process) const {
    BOOL inside = FALSE;
    return IsProcessInJob(process, job_.get(), &inside) && inside != FALSE;
}

void Job::end() const {
    TerminateJobObject(job_.get(), ended);
}

} // namespace maptrail
