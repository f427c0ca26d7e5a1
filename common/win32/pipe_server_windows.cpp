#include "common/win32/pipe_server.hpp"

#include <cstddef>

namespace maptrail::win32 {

bool pipe_belongs_to_system(HANDLE pipe) {
    alignas(SECURITY_DESCRIPTOR) std::byte descriptor[sizeof(SECURITY_DESCRIPTOR) + SECURITY_MAX_SID_SIZE];
    DWORD needed = 0;
    PSID owner = nullptr;
    BOOL defaulted = FALSE;
    return GetKernelObjectSecurity(pipe, OWNER_SECURITY_INFORMATION, descriptor, sizeof descriptor, &needed) &&
           GetSecurityDescriptorOwner(descriptor, &owner, &defaulted) && owner != nullptr &&
           (IsWellKnownSid(owner, WinLocalSystemSid) || IsWellKnownSid(owner, WinBuiltinAdministratorsSid));
}

} // namespace maptrail::win32
