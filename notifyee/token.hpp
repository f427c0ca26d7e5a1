// Whom the calling thread acts for.
#pragma once

#include <windows.h>

namespace maptrail::notifyee {

/// The token that the calling thread impersonates with, if it does.
class ThreadToken {
public:
    // As the process, not as the impersonated user, who need not have the right to look.
    ThreadToken() {
        if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token_)) {
            token_ = nullptr;
            impersonates_ = GetLastError() != ERROR_NO_TOKEN;
        } else {
            impersonates_ = true;
        }
    }
    ThreadToken(const ThreadToken&) = delete;
    ThreadToken& operator=(const ThreadToken&) = delete;
    ~ThreadToken() {
        if (token_ != nullptr) {
            CloseHandle(token_);
        }
    }

    /// Also true if it can't be told.
    [[nodiscard]] bool impersonates() const { return impersonates_; }

    /// Null if it does not impersonate or its token can't be opened.
    [[nodiscard]] HANDLE get() const { return token_; }

private:
    HANDLE token_ = nullptr;
    bool impersonates_ = false;
};

class ProcessToken {
public:
    ProcessToken() {
        if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token_)) {
            token_ = nullptr;
        }
    }
    ProcessToken(const ProcessToken&) = delete;
    ProcessToken& operator=(const ProcessToken&) = delete;
    ~ProcessToken() {
        if (token_ != nullptr) {
            CloseHandle(token_);
        }
    }

    [[nodiscard]] HANDLE get() const { return token_; }

private:
    HANDLE token_ = nullptr;
};

} // namespace maptrail::notifyee
