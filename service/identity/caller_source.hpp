// Who is at the other end of a pipe: the one place that identity comes from.
#pragma once

#include "common/model/notification.hpp"
#include "service/identity/account_names.hpp"

#include <windows.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace maptrail {

/// What a connection remembers of its client.
struct CallerCache {
    std::optional<ClientProcess> process;
    std::optional<Identity> identity;
    std::vector<std::string> groups; ///< SIDs of those that are enabled in the token, folded and sorted
    std::uint64_t group_set = 0;     ///< GroupSet::id of `groups`
    bool administrator = false;
    bool own = false; ///< a command that the service itself started for a rule
};

/// The seam between the listeners and the system's idea of identity.
class CallerSource {
public:
    CallerSource() = default;
    CallerSource(const CallerSource&) = delete;
    CallerSource& operator=(const CallerSource&) = delete;
    virtual ~CallerSource() = default;

    /// Reads the client's identity anew. Call it after a read from the pipe (ImpersonateNamedPipeClient). False: the
    /// request must be refused, the cache has no identity, and GetLastError of the failed call is in `error`. The
    /// calling thread keeps its own token. Any thread, one at a time for a cache.
    virtual bool identify(HANDLE pipe, CallerCache& cache, DWORD& error) = 0;

    /// The client's process, for counting; 0 if it can't be asked.
    virtual std::uint64_t process_id(HANDLE pipe) = 0;

    /// Fills in the process, once for a connection, when the client has just connected. What can't be asked stays
    /// empty.
    virtual void find_process(HANDLE pipe, CallerCache& cache) = 0;

    /// Fills in the name of the cache's identity if it is known by now. Never waits for a look-up.
    virtual void find_name(CallerCache& cache) = 0;
};

/// From the client's token, by impersonation.
class PipeCallerSource final : public CallerSource {
public:
    /// What the service knows of callers without asking anybody. Both may be empty.
    struct Knowledge {
        /// Sets CallerCache::own. Asked while the client waits for an answer, so while its process lives.
        std::function<bool(const ClientProcess&)> is_own;
        std::function<AccountName(const std::string& sid)> name_of; ///< empty names if it does not know
    };
    explicit PipeCallerSource(Knowledge knowledge = {}) : knowledge_(std::move(knowledge)) {}

    bool identify(HANDLE pipe, CallerCache& cache, DWORD& error) override;
    std::uint64_t process_id(HANDLE pipe) override;
    void find_process(HANDLE pipe, CallerCache& cache) override;
    void find_name(CallerCache& cache) override;

private:
    Knowledge knowledge_;
};

} // namespace maptrail
