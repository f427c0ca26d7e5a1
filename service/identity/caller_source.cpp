#include "service/identity/caller_source.hpp"

#include "common/win32/handle.hpp"
#include "service/identity/process.hpp"
#include "service/identity/token.hpp"
#include "service/inbox/group_set_record.hpp"

#include <cstdlib>
#include <exception>

namespace maptrail {

namespace {

/// Acts as the client until it goes out of scope.
class Impersonation {
public:
    explicit Impersonation(HANDLE pipe) : active_(ImpersonateNamedPipeClient(pipe) != 0) {}
    Impersonation(const Impersonation&) = delete;
    Impersonation& operator=(const Impersonation&) = delete;
    ~Impersonation() {
        // To go on with the client's token would do the service's work in the client's name: "the process should shut
        // down" (RevertToSelf).
        if (active_ && !RevertToSelf()) {
            std::abort();
        }
    }

    [[nodiscard]] bool active() const { return active_; }

private:
    bool active_;
};

/// 0 if the system can't hash: then the groups are judged by, and not recorded.
std::uint64_t id_of(const std::vector<std::string>& groups) {
    try {
        return group_set_id(groups);
    } catch (const std::exception&) {
        return 0;
    }
}

} // namespace

bool PipeCallerSource::identify(HANDLE pipe, CallerCache& cache, DWORD& error) {
    cache.identity.reset();
    win32::Handle token;
    {
        const Impersonation impersonation(pipe);
        if (!impersonation.active() ||
            !OpenThreadToken(GetCurrentThread(), TOKEN_QUERY | TOKEN_DUPLICATE, TRUE, token.receive())) {
            error = GetLastError();
            return false;
        }
    }
    Identity identity;
    if (!read_token(token.get(), identity, error)) {
        return false;
    }
    std::vector<std::string> groups;
    if (!read_groups(token.get(), groups, error)) {
        return false;
    }
    if (groups != cache.groups || cache.group_set == 0) { // a connection's client seldom gets others
        cache.groups = std::move(groups);
        cache.group_set = id_of(cache.groups);
    }
    identity.group_set = cache.group_set;
    cache.administrator = token_is_administrator(token.get());
    cache.identity = std::move(identity);
    find_name(cache);
    return true;
}

void PipeCallerSource::find_name(CallerCache& cache) {
    if (knowledge_.name_of && cache.identity) {
        AccountName name = knowledge_.name_of(cache.identity->user_sid);
        cache.identity->user_name = std::move(name.name);
        cache.identity->user_domain = std::move(name.domain);
    }
}

std::uint64_t PipeCallerSource::process_id(HANDLE pipe) {
    ULONG process = 0;
    return GetNamedPipeClientProcessId(pipe, &process) ? process : 0;
}

void PipeCallerSource::find_process(HANDLE pipe, CallerCache& cache) {
    if (!cache.process) {
        cache.process = read_pipe_client(pipe);
        cache.own = cache.process && knowledge_.is_own && knowledge_.is_own(*cache.process);
    }
}

} // namespace maptrail
