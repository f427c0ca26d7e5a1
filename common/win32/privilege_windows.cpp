#include "common/win32/privilege.hpp"

#include "common/win32/handle.hpp"

namespace maptrail::win32 {

bool enable_privilege(const wchar_t* name) {
    Handle token;
    TOKEN_PRIVILEGES privileges{};
    privileges.PrivilegeCount = 1;
    privileges.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
    // AdjustTokenPrivileges succeeds, with ERROR_NOT_ALL_ASSIGNED, when the privilege is not there to be enabled.
    return OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, token.receive()) &&
           LookupPrivilegeValueW(nullptr, name, &privileges.Privileges[0].Luid) &&
           AdjustTokenPrivileges(token.get(), FALSE, &privileges, 0, nullptr, nullptr) &&
           GetLastError() == ERROR_SUCCESS;
}

} // namespace maptrail::win32
