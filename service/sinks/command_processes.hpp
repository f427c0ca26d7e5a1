// The processes of rules' commands, so that what they connect is known for the rules' own doing.
#pragma once

#include "common/model/notification.hpp"
#include "service/sinks/job.hpp"

#include <windows.h>

#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <vector>

namespace maptrail {

/// Any number of threads.
class CommandProcesses {
public:
    /// A job from before its first process is started, to after its last one was ended.
    class Watched {
    public:
        Watched(CommandProcesses& processes, const Job& job);
        Watched(const Watched&) = delete;
        Watched& operator=(const Watched&) = delete;
        ~Watched();

    private:
        CommandProcesses& processes_;
        const Job& job_;
    };

    /// Keeps in mind processes that are in a watched job now. Of a process that has ended its frames may still lie in
    /// the spool.
    void remember(const Job& job, std::span<const DWORD> ids);

    /// Whether a command started that very process, itself or through others. Certain while it runs; of one that has
    /// ended as long as no thousand others came after it, if it lived long enough to be seen.
    [[nodiscard]] bool contains(const ClientProcess& process) const;

private:
    struct Known {
        std::uint32_t pid = 0;
        std::int64_t started = 0;
        bool operator==(const Known&) const = default;
    };

    [[nodiscard]] bool is_in_a_job(const ClientProcess& process) const;

    mutable std::mutex mutex_;
    std::vector<const Job*> jobs_;
    std::deque<Known> known_; ///< the oldest first
};

} // namespace maptrail
