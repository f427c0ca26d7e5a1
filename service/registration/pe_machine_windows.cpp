#include "service/registration/pe_machine.hpp"

#include "common/win32/handle.hpp"
#include "service/scm/win32_failure.hpp"

#include <cstddef>
#include <windows.h>

namespace maptrail {
namespace {

/// Exactly so many bytes from there; false if there are fewer, with the error that ReadFile gave, or 0.
bool read_at(const win32::Handle& file, std::uint32_t offset, void* bytes, DWORD size, DWORD& error) {
    OVERLAPPED at{};
    at.Offset = offset;
    DWORD got = 0;
    error = 0;
    if (ReadFile(file.get(), bytes, size, &got, &at) == FALSE) {
        error = GetLastError() == ERROR_HANDLE_EOF ? 0 : GetLastError();
        return false;
    }
    return got == size;
}

} // namespace

void read_pe_machine(const std::wstring& path, LibraryFacts& facts) {
    const win32::Handle file(CreateFileW(path.c_str(), GENERIC_READ,
                                         FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                                         FILE_ATTRIBUTE_NORMAL, nullptr));
    if (!file) {
        const DWORD error = GetLastError();
        facts.exists = error != ERROR_FILE_NOT_FOUND && error != ERROR_PATH_NOT_FOUND;
        if (facts.exists) {
            facts.problem = win32_failure("CreateFile", error);
        }
        return;
    }
    facts.exists = true;

    struct {
        DWORD signature;
        IMAGE_FILE_HEADER header;
    } image{};
    IMAGE_DOS_HEADER dos{};
    DWORD error = 0;
    // A file that is cut short or is no image leaves the machine at 0.
    if (read_at(file, 0, &dos, sizeof dos, error) && dos.e_magic == IMAGE_DOS_SIGNATURE && dos.e_lfanew > 0 &&
        read_at(file, static_cast<std::uint32_t>(dos.e_lfanew), &image, sizeof image, error) &&
        image.signature == IMAGE_NT_SIGNATURE && (image.header.Characteristics & IMAGE_FILE_DLL) != 0) {
        facts.machine = image.header.Machine;
    }
    if (error != 0) {
        facts.problem = win32_failure("ReadFile", error);
    }
}

} // namespace maptrail
