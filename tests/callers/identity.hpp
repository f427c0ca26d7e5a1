// A thread that acts with a token of its own.
#pragma once

#include <functional>
#include <string>

namespace maptrail::test {

enum class ActingAs {
    self,   ///< an impersonation token made from the process's own
    logon,  ///< the token of a logon with a name and a password
    nobody, ///< no token could be had: the action did not run
};

struct Logon {
    std::wstring user;
    std::wstring domain;
    std::wstring password;
};

struct Impersonated {
    ActingAs acting_as = ActingAs::nobody;
    unsigned long error = 0; ///< why there was no token, or why the logon's had to be replaced by the own
};

/// Runs the action on a thread that impersonates: the logon if a user is named and the system grants it, else oneself.
[[nodiscard]] Impersonated impersonating(const Logon& logon, const std::function<void()>& action);

} // namespace maptrail::test
