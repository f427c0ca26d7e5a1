#include "service/policy/page_file.hpp"

#include "common/win32/error.hpp"
#include "common/win32/handle.hpp"
#include "service/text/utf.hpp"

#include <windows.h>

#include <aclapi.h>
#include <sddl.h>

#include <stdexcept>
#include <string>

namespace maptrail::policy {

namespace {

/// By handle, also for a file that is there: what it was made with may be older than this version.
void set_access(HANDLE handle, PSECURITY_DESCRIPTOR descriptor, const std::string& name) {
    PSID owner = nullptr;
    PACL list = nullptr;
    BOOL present = FALSE;
    BOOL defaulted = FALSE;
    if (!GetSecurityDescriptorOwner(descriptor, &owner, &defaulted) ||
        !GetSecurityDescriptorDacl(descriptor, &present, &list, &defaulted)) {
        win32::throw_last_error("cannot read the policy page's access list");
    }
    if (const DWORD error = SetSecurityInfo(handle, SE_FILE_OBJECT,
                                            OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION |
                                                PROTECTED_DACL_SECURITY_INFORMATION,
                                            owner, nullptr, list, nullptr);
        error != ERROR_SUCCESS) {
        throw win32::Error("cannot secure the policy page " + name, error);
    }
}

} // namespace

void make_page_file(const std::filesystem::path& file, std::uint64_t size) {
    const std::string name = to_utf8(file.u16string());
    win32::LocalMemory<void> descriptor;
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(page_access, SDDL_REVISION_1, descriptor.receive(),
                                                              nullptr)) {
        win32::throw_last_error("cannot read the policy page's access list");
    }
    SECURITY_ATTRIBUTES attributes{sizeof attributes, descriptor.get(), FALSE};
    // Shared with everybody: programs may be reading it right now.
    const win32::Handle handle(CreateFileW(file.c_str(), GENERIC_READ | GENERIC_WRITE | WRITE_DAC | WRITE_OWNER,
                                           FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, &attributes,
                                           OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    if (!handle) {
        win32::throw_last_error("cannot make the policy page " + name);
    }
    FILE_ATTRIBUTE_TAG_INFO tag{};
    LARGE_INTEGER length{};
    if (!GetFileInformationByHandleEx(handle.get(), FileAttributeTagInfo, &tag, sizeof tag) ||
        !GetFileSizeEx(handle.get(), &length)) {
        win32::throw_last_error("cannot look at the policy page " + name);
    }
    if ((tag.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
        throw std::runtime_error(name + " is a link where the policy page must be: remove it");
    }
    set_access(handle.get(), descriptor.get(), name);
    if (static_cast<std::uint64_t>(length.QuadPart) < size) {
        FILE_END_OF_FILE_INFO end{};
        end.EndOfFile.QuadPart = static_cast<LONGLONG>(size);
        if (!SetFileInformationByHandle(handle.get(), FileEndOfFileInfo, &end, sizeof end)) {
            win32::throw_last_error("cannot make room for the policy page " + name);
        }
    }
}

} // namespace maptrail::policy
