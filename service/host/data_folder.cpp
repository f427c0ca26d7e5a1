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

std::string shown(const std::filesystem::path& path) {
    return to_utf8(path.u16string());
}

bool is_own_user(PSID sid) {
    win32::Handle token;
    alignas(void*) std::array<std::byte, sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE> user{};
    DWORD size = 0;
    return OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, token.receive()) &&
           GetTokenInformation(token.get(), TokenUser, user.data(), static_cast<DWORD>(user.size()), &size) &&
           EqualSid(reinterpret_cast<const TOKEN_USER*>(user.data())->User.Sid, sid);
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

void make_private_folder(const std::filesystem::path& folder, const wchar_t* access) {
    if (folder.has_parent_path() && folder.parent_path() != folder) {
        std::filesystem::create_directories(folder.parent_path());
    }
    win32::LocalMemory<void> descriptor;
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(access, SDDL_REVISION_1, descriptor.receive(), nullptr)) {
        win32::throw_last_error("cannot read the data folder's access list");
    }
    SECURITY_ATTRIBUTES attributes{sizeof attributes, descriptor.get(), FALSE};
    const bool made = CreateDirectoryW(folder.c_str(), &attributes) != 0;
    if (!made && GetLastError() != ERROR_ALREADY_EXISTS) {
        win32::throw_last_error("cannot make the folder " + shown(folder));
    }
    // By handle, not by name, from here on: what was checked is what gets the access list.
    const win32::Handle handle(CreateFileW(folder.c_str(),
                                           READ_CONTROL | WRITE_DAC | WRITE_OWNER | FILE_READ_ATTRIBUTES,
                                           FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING,
                                           FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    if (!handle) {
        win32::throw_last_error("cannot open the folder " + shown(folder));
    }
    FILE_BASIC_INFO info{};
    if (!GetFileInformationByHandleEx(handle.get(), FileBasicInfo, &info, sizeof info)) {
        win32::throw_last_error("cannot look at the folder " + shown(folder));
    }
    if ((info.FileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0 ||
        (info.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
        throw std::runtime_error(shown(folder) + " is a file or a link where a folder must be: remove it");
    }
    if (made) {
        return;
    }
    PSID owner = nullptr;
    PACL list = nullptr;
    BOOL defaulted = FALSE;
    BOOL present = FALSE;
    if (!GetSecurityDescriptorOwner(descriptor.get(), &owner, &defaulted) ||
        !GetSecurityDescriptorDacl(descriptor.get(), &present, &list, &defaulted)) {
        win32::throw_last_error("cannot read the data folder's access list");
    }
    const DWORD error =
        SetSecurityInfo(handle.get(), SE_FILE_OBJECT,
                        OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
                        owner, nullptr, list, nullptr);
    if (error != ERROR_SUCCESS) {
        throw win32::Error("cannot secure the folder " + shown(folder), error);
    }
}

void refuse_foreign_file(const std::filesystem::path& file) {
    const win32::Handle handle(CreateFileW(file.c_str(), READ_CONTROL | FILE_READ_ATTRIBUTES,
                                           FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                           OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    if (!handle) {
        if (const DWORD error = GetLastError(); error != ERROR_FILE_NOT_FOUND && error != ERROR_PATH_NOT_FOUND) {
            throw win32::Error("cannot look at " + shown(file), error);
        }
        return;
    }
    FILE_BASIC_INFO info{};
    PSID owner = nullptr;
    win32::LocalMemory<void> descriptor;
    if (!GetFileInformationByHandleEx(handle.get(), FileBasicInfo, &info, sizeof info)) {
        win32::throw_last_error("cannot look at " + shown(file));
    }
    if (const DWORD error = GetSecurityInfo(handle.get(), SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner, nullptr,
                                            nullptr, nullptr, descriptor.receive());
        error != ERROR_SUCCESS) {
        throw win32::Error("cannot see who owns " + shown(file), error);
    }
    if ((info.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 ||
        !(IsWellKnownSid(owner, WinLocalSystemSid) || IsWellKnownSid(owner, WinBuiltinAdministratorsSid) ||
          is_own_user(owner))) {
        throw std::runtime_error(
            shown(file) + " is a link, or belongs to somebody who is no administrator: read it, and "
                          "if it is as it should be, make it yours with \"icacls FILE /setowner Administrators\"");
    }
}

} // namespace maptrail
