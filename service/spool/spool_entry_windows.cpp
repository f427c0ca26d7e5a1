#include "service/spool/spool_entry.hpp"

#include "common/win32/error.hpp"
#include "common/wire/spool_file.hpp"
#include "service/text/utf.hpp"

#include <windows.h>

#include <aclapi.h>
#include <sddl.h>

#include <algorithm>
#include <cstring>

namespace maptrail::spool {

namespace {

constexpr DWORD remove_access = DELETE | READ_CONTROL | FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES | SYNCHRONIZE;
constexpr DWORD collect_access = GENERIC_READ | GENERIC_WRITE | remove_access;

/// FILE_DISPOSITION_INFO_EX and its flags, which not every SDK declares for every version of Windows.
constexpr auto disposition_ex = static_cast<FILE_INFO_BY_HANDLE_CLASS>(21);
struct DispositionEx {
    DWORD flags;
};
constexpr DWORD disposition_delete = 0x1;
constexpr DWORD disposition_posix = 0x2;
constexpr DWORD disposition_ignore_read_only = 0x10;

std::string owner_of(HANDLE handle, const std::filesystem::path& path) {
    win32::LocalMemory<void> descriptor;
    PSID sid = nullptr;
    if (const DWORD error = GetSecurityInfo(handle, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &sid, nullptr, nullptr,
                                            nullptr, descriptor.receive());
        error != ERROR_SUCCESS) {
        throw win32::Error("cannot see who owns " + path_utf8(path), error);
    }
    win32::LocalMemory<wchar_t> text;
    if (!ConvertSidToStringSidW(sid, text.receive())) {
        win32::throw_last_error("cannot read who owns " + path_utf8(path));
    }
    return to_utf8(reinterpret_cast<const char16_t*>(text.get()));
}

} // namespace

SpoolEntry::SpoolEntry(const std::filesystem::path& path, Access access)
    : handle_(CreateFileW(path.c_str(), access == Access::collect ? collect_access : remove_access,
                          FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                          FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, nullptr)) {
    if (!handle_) {
        win32::throw_last_error("cannot open " + path_utf8(path));
    }
    FILE_BASIC_INFO basic{};
    FILE_STANDARD_INFO standard{};
    if (!GetFileInformationByHandleEx(handle_.get(), FileBasicInfo, &basic, sizeof basic) ||
        !GetFileInformationByHandleEx(handle_.get(), FileStandardInfo, &standard, sizeof standard)) {
        win32::throw_last_error("cannot look at " + path_utf8(path));
    }
    const bool folder = standard.Directory != FALSE;
    const bool link =
        (basic.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 || (!folder && standard.NumberOfLinks > 1);
    kind_ = link ? Kind::link : folder ? Kind::folder : Kind::file;
    size_ = folder ? 0 : static_cast<std::uint64_t>(standard.EndOfFile.QuadPart);
    owner_ = owner_of(handle_.get(), path);
}

void SpoolEntry::read(std::size_t most, std::vector<std::byte>& bytes) {
    LARGE_INTEGER size{};
    if (!GetFileSizeEx(handle_.get(), &size)) {
        win32::throw_last_error("cannot ask for the size of a spool file");
    }
    size_ = static_cast<std::uint64_t>(size.QuadPart);
    bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(size_, most)));
    constexpr std::size_t piece = std::size_t{1} << 20U;
    std::size_t done = 0;
    while (done < bytes.size()) {
        OVERLAPPED at{};
        at.Offset = static_cast<DWORD>(done); // a spool file is far smaller than 4 GiB
        DWORD moved = 0;
        if (!ReadFile(handle_.get(), bytes.data() + done, static_cast<DWORD>(std::min(piece, bytes.size() - done)),
                      &moved, &at)) {
            if (GetLastError() != ERROR_HANDLE_EOF) {
                win32::throw_last_error("cannot read a spool file");
            }
            moved = 0;
        }
        if (moved == 0) { // its owner cut it off meanwhile
            break;
        }
        done += moved;
    }
    bytes.resize(done);
}

void SpoolEntry::claim() {
    OVERLAPPED at{};
    at.Offset = offsetof(wire::SpoolHeader, claimed);
    const std::uint32_t claimed = 1;
    DWORD moved = 0;
    if (!WriteFile(handle_.get(), &claimed, sizeof claimed, &moved, &at)) {
        win32::throw_last_error("cannot claim a spool file");
    }
}

bool SpoolEntry::move(const std::filesystem::path& target, DWORD& error) {
    const std::wstring& name = target.native();
    const std::size_t bytes = name.size() * sizeof(wchar_t);
    // The structure ends in the first character of a name of any length.
    std::vector<FILE_RENAME_INFO> buffer(bytes / sizeof(FILE_RENAME_INFO) + 2);
    FILE_RENAME_INFO& info = buffer.front();
    info.ReplaceIfExists = FALSE;
    info.FileNameLength = static_cast<DWORD>(bytes);
    std::memcpy(reinterpret_cast<std::byte*>(buffer.data()) + offsetof(FILE_RENAME_INFO, FileName), name.data(), bytes);
    const BOOL moved = SetFileInformationByHandle(handle_.get(), FileRenameInfo, buffer.data(),
                                                  static_cast<DWORD>(buffer.size() * sizeof(FILE_RENAME_INFO)));
    error = moved ? ERROR_SUCCESS : GetLastError();
    return moved != FALSE;
}

bool SpoolEntry::remove(DWORD& error) {
    // With these the name is gone at once, though the writer has the file open still. Older systems and other file
    // systems than NTFS do not know them: there the name goes with the last handle.
    DispositionEx at_once{disposition_delete | disposition_posix | disposition_ignore_read_only};
    if (SetFileInformationByHandle(handle_.get(), disposition_ex, &at_once, sizeof at_once)) {
        return true;
    }
    FILE_BASIC_INFO plain{};
    plain.FileAttributes = FILE_ATTRIBUTE_NORMAL;
    if (kind_ == Kind::file) { // a read-only file would not go
        SetFileInformationByHandle(handle_.get(), FileBasicInfo, &plain, sizeof plain);
    }
    FILE_DISPOSITION_INFO info{TRUE};
    const BOOL removed = SetFileInformationByHandle(handle_.get(), FileDispositionInfo, &info, sizeof info);
    error = removed ? ERROR_SUCCESS : GetLastError();
    return removed != FALSE;
}

} // namespace maptrail::spool
