#include "service/identity/caller_source.hpp"

#include "common/win32/handle.hpp"
#include "service/identity/process.hpp"
#include "service/identity/token.hpp"

#include <cstdlib>

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
    if (!read_groups(token.get(), cache.groups, error)) {
        return false;
    }
    if (knowledge_.name_of) {
        AccountName name = knowledge_.name_of(identity.user_sid);
        identity.user_name = std::move(name.name);
        identity.user_domain = std::move(name.domain);
    }
    cache.administrator = token_is_administrator(token.get());
    cache.identity = std::move(identity);
    return true;
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
