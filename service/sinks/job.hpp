// The job object that a command's processes are in, whatever they start.
#pragma once

#include "common/win32/handle.hpp"
#include "service/sinks/command.hpp"

#include <windows.h>

#include <vector>

namespace maptrail {

/// What is asked of Windows: limits on processes and memory, no way out of the job, and an end of all when the job's
/// last handle is closed, so also when the service dies.
[[nodiscard]] JOBOBJECT_EXTENDED_LIMIT_INFORMATION job_limits(const CommandLimits& limits);

class Job {
public:
    /// Throws win32::Error.
    explicit Job(const CommandLimits& limits);

    struct Members {
        std::size_t count = 0;
        std::vector<DWORD> ids; ///< may be fewer than `count`
    };
    [[nodiscard]] Members members() const;

    /// Needs PROCESS_QUERY_INFORMATION.
    [[nodiscard]] bool contains(HANDLE process) const;

    /// Ends every process in it.
    void end() const;

    [[nodiscard]] HANDLE get() const { return job_.get(); }

private:
    win32::Handle job_;
};

} // namespace maptrail
