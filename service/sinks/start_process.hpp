// Starts a command's program: as whom, with which handles and surroundings.
#pragma once

#include "common/win32/handle.hpp"
#include "service/rules/rule.hpp"

#include <windows.h>

#include <userenv.h>

#include <string>

namespace maptrail {

struct ProcessStart {
    std::wstring program; ///< absolute, without links
    std::wstring command_line;
    rules::RunAs account = rules::RunAs::local_service;
    HANDLE input = nullptr;  ///< the standard handles; can be inherited, and nothing else is
    HANDLE output = nullptr; ///< error goes there too
    HANDLE job = nullptr;    ///< that it is in from its first instruction on
};

/// The system's calls for accounts: what Wine does not have, a test looks at from the other side.
struct AccountCalls {
    decltype(&LogonUserW) log_on = &LogonUserW;
    decltype(&CreateRestrictedToken) restrict_token = &CreateRestrictedToken;
    decltype(&CreateEnvironmentBlock) make_environment = &CreateEnvironmentBlock;
    decltype(&CreateProcessAsUserW) create_process = &CreateProcessAsUserW;
};

/// Without a window, in System32, with the account's own environment. LocalService and NetworkService run without the
/// privileges that they have elsewhere; to log them on, the service must be SYSTEM and hold SeTcbPrivilege,
/// SeAssignPrimaryTokenPrivilege and SeIncreaseQuotaPrivilege. "system" is whoever the service runs as, with the
/// machine's environment. Throws win32::Error.
[[nodiscard]] win32::Handle start_process(const ProcessStart& start, const AccountCalls& calls = {});

} // namespace maptrail
