#include "service/host/data_folder.hpp"

#include "common/win32/error.hpp"
#include "common/win32/handle.hpp"
#include "service/text/utf.hpp"

#include <windows.h>

#include <aclapi.h>
#include <sddl.h>
#include <shlobj.h>

#include <array>
#include <stdexcept>
#include <string>

namespace maptrail {

namespace {

bool is_own_user(PSID sid) {
    win32::Handle token;
    alignas(void*) std::array<std::byte, sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE> user{};
    DWORD size = 0;
    return OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, token.receive()) &&
           GetTokenInformation(token.get(), TokenUser, user.data(), static_cast<DWORD>(user.size()), &size) &&
           EqualSid(reinterpret_cast<const TOKEN_USER*>(user.data())->User.Sid, sid);
}

/// The owner lives as long as `descriptor`.
PSID owner_of(HANDLE handle, const std::filesystem::path& path, win32::LocalMemory<void>& descriptor) {
    PSID owner = nullptr;
    if (const DWORD error = GetSecurityInfo(handle, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner, nullptr,
                                            nullptr, nullptr, descriptor.receive());
        error != ERROR_SUCCESS) {
        throw win32::Error("cannot see who owns " + path_utf8(path), error);
    }
    return owner;
}

DWORD attributes_of(HANDLE handle, const std::filesystem::path& path) {
    FILE_BASIC_INFO info{};
    if (!GetFileInformationByHandleEx(handle, FileBasicInfo, &info, sizeof info)) {
        win32::throw_last_error("cannot look at " + path_utf8(path));
    }
    return info.FileAttributes;
}

/// False if there is something of that name already.
bool make_folder(const std::filesystem::path& folder, PSECURITY_DESCRIPTOR descriptor) {
    SECURITY_ATTRIBUTES attributes{sizeof attributes, descriptor, FALSE};
    if (CreateDirectoryW(folder.c_str(), &attributes)) {
        return true;
    }
    if (GetLastError() != ERROR_ALREADY_EXISTS) {
        win32::throw_last_error("cannot make the folder " + path_utf8(folder));
    }
    return false;
}

/// By handle, not by name, from there on: what was checked is what gets the access list.
win32::Handle open_folder(const std::filesystem::path& folder) {
    win32::Handle handle(CreateFileW(folder.c_str(), READ_CONTROL | WRITE_DAC | WRITE_OWNER | FILE_READ_ATTRIBUTES,
                                     FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING,
                                     FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    if (!handle) {
        win32::throw_last_error("cannot open the folder " + path_utf8(folder));
    }
    const DWORD attributes = attributes_of(handle.get(), folder);
    if ((attributes & FILE_ATTRIBUTE_DIRECTORY) == 0 || (attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
        throw std::runtime_error(path_utf8(folder) + " is a file or a link where a folder must be: remove it");
    }
    return handle;
}

void move_aside(const std::filesystem::path& folder) {
    constexpr int most = 1000;
    for (int number = 1; number <= most; ++number) {
        std::filesystem::path target = folder;
        target += ".foreign-" + std::to_string(number);
        if (MoveFileExW(folder.c_str(), target.c_str(), 0)) {
            return;
        }
        // A folder in the way is told by either of the two.
        if (const DWORD error = GetLastError(); !std::filesystem::exists(target)) {
            throw win32::Error("somebody who is no administrator made the folder " + path_utf8(folder) +
                                   ", and it can't be moved aside",
                               error);
        }
    }
    throw std::runtime_error("too many folders beside " + path_utf8(folder) +
                             " were made by somebody who is no administrator");
}

} // namespace

std::filesystem::path default_data_folder() {
    PWSTR text = nullptr;
    const HRESULT result = SHGetKnownFolderPath(FOLDERID_ProgramData, 0, nullptr, &text);
    if (FAILED(result)) {
        CoTaskMemFree(text);
        throw win32::Error("cannot find the ProgramData folder", static_cast<DWORD>(result));
    }
    std::filesystem::path folder(text);
    CoTaskMemFree(text);
    return folder / "MapTrail";
}

bool is_trusted_owner(PSID owner) {
    return owner != nullptr && (IsWellKnownSid(owner, WinLocalSystemSid) ||
                                IsWellKnownSid(owner, WinBuiltinAdministratorsSid) || is_own_user(owner));
}

void make_private_folder(const std::filesystem::path& folder, const wchar_t* access, bool (*trusted)(PSID)) {
    if (folder.has_parent_path() && folder.parent_path() != folder) {
        std::filesystem::create_directories(folder.parent_path());
    }
    win32::LocalMemory<void> descriptor;
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(access, SDDL_REVISION_1, descriptor.receive(), nullptr)) {
        win32::throw_last_error("cannot read the data folder's access list");
    }
    if (make_folder(folder, descriptor.get())) {
        return;
    }
    win32::Handle handle = open_folder(folder);
    win32::LocalMemory<void> found;
    if (!trusted(owner_of(handle.get(), folder, found))) {
        handle.reset();
        move_aside(folder);
        if (!make_folder(folder, descriptor.get())) {
            throw std::runtime_error("somebody else makes the folder " + path_utf8(folder) + " again and again");
        }
        return;
    }
    PSID owner = nullptr;
    PACL list = nullptr;
    PACL label = nullptr;
    BOOL defaulted = FALSE;
    BOOL present = FALSE;
    BOOL labelled = FALSE;
    if (!GetSecurityDescriptorOwner(descriptor.get(), &owner, &defaulted) ||
        !GetSecurityDescriptorDacl(descriptor.get(), &present, &list, &defaulted) ||
        !GetSecurityDescriptorSacl(descriptor.get(), &labelled, &label, &defaulted)) {
        win32::throw_last_error("cannot read the data folder's access list");
    }
    // A label is set as well, for without it programs of low integrity would be shut out of the spool for good: an
    // administrator may have made the folder, or restored it. It takes WRITE_OWNER alone, not SeSecurityPrivilege.
    const DWORD error =
        SetSecurityInfo(handle.get(), SE_FILE_OBJECT,
                        OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION |
                            (labelled ? LABEL_SECURITY_INFORMATION : 0U),
                        owner, nullptr, list, label);
    if (error != ERROR_SUCCESS) {
        throw win32::Error("cannot secure the folder " + path_utf8(folder), error);
    }
}

void refuse_foreign_file(const std::filesystem::path& file) {
    const win32::Handle handle(CreateFileW(file.c_str(), READ_CONTROL | FILE_READ_ATTRIBUTES,
                                           FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                           OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    if (!handle) {
        if (const DWORD error = GetLastError(); error != ERROR_FILE_NOT_FOUND && error != ERROR_PATH_NOT_FOUND) {
            throw win32::Error("cannot look at " + path_utf8(file), error);
        }
        return;
    }
    win32::LocalMemory<void> descriptor;
    if ((attributes_of(handle.get(), file) & FILE_ATTRIBUTE_REPARSE_POINT) != 0 ||
        !is_trusted_owner(owner_of(handle.get(), file, descriptor))) {
        throw std::runtime_error(
            path_utf8(file) + " is a link, or belongs to somebody who is no administrator: read it, and "
                              "if it is as it should be, make it yours with \"icacls FILE /setowner Administrators\"");
    }
}

} // namespace maptrail
