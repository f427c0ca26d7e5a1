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

bool equal(const LUID& left, const LUID& right) {
    return left.LowPart == right.LowPart && left.HighPart == right.HighPart;
}

} // namespace

bool PipeCallerSource::identify(HANDLE pipe, CallerCache& cache, DWORD& error) {
    win32::Handle token;
    {
        const Impersonation impersonation(pipe);
        if (!impersonation.active() ||
            !OpenThreadToken(GetCurrentThread(), TOKEN_QUERY | TOKEN_DUPLICATE, TRUE, token.receive())) {
            error = GetLastError();
            return false;
        }
    }
    TOKEN_STATISTICS statistics{};
    DWORD size = 0;
    if (!GetTokenInformation(token.get(), TokenStatistics, &statistics, sizeof statistics, &size)) {
        error = GetLastError();
        return false;
    }
    // The modified id changes with whatever changes a token, so the pair stands for what was read before.
    if (cache.identity && equal(statistics.AuthenticationId, cache.logon) &&
        equal(statistics.ModifiedId, cache.modified)) {
        return true;
    }
    cache.identity.reset();
    Identity identity;
    if (!read_token(token.get(), identity, error)) {
        return false;
    }
    cache.administrator = token_is_administrator(token.get());
    cache.logon = statistics.AuthenticationId;
    cache.modified = statistics.ModifiedId;
    cache.identity = std::move(identity);
    return true;
}

void PipeCallerSource::find_process(HANDLE pipe, CallerCache& cache) {
    if (!cache.process) {
        cache.process = read_pipe_client(pipe);
    }
}

} // namespace maptrail
