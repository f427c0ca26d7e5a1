#include "tests/callers/identity.hpp"

#include <windows.h>

#include <thread>

namespace maptrail::test {

namespace {

/// NO_ERROR if the thread now acts as the user.
DWORD impersonate_logon(const Logon& logon) {
    HANDLE token = nullptr;
    if (!LogonUserW(logon.user.c_str(), logon.domain.empty() ? L"." : logon.domain.c_str(), logon.password.c_str(),
                    LOGON32_LOGON_NETWORK, LOGON32_PROVIDER_DEFAULT, &token)) {
        return GetLastError();
    }
    const DWORD error = ImpersonateLoggedOnUser(token) ? NO_ERROR : GetLastError();
    CloseHandle(token);
    return error;
}

} // namespace

Impersonated impersonating(const Logon& logon, const std::function<void()>& action) {
    Impersonated result;
    std::jthread([&] {
        if (!logon.user.empty()) {
            result.error = impersonate_logon(logon);
            if (result.error == NO_ERROR) {
                result.acting_as = ActingAs::logon;
            }
        }
        if (result.acting_as == ActingAs::nobody) {
            if (!ImpersonateSelf(SecurityImpersonation)) {
                result.error = GetLastError();
                return;
            }
            result.acting_as = ActingAs::self;
        }
        action();
        // The thread ends with its token either way.
        RevertToSelf();
    }).join();
    return result;
}

} // namespace maptrail::test
