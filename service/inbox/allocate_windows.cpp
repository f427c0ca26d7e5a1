#ifdef _WIN32

#include "service/inbox/allocate.hpp"

#include <memory>
#include <string>
#include <system_error>

#include <windows.h>

namespace maptrail::inbox {
namespace {

[[noreturn]] void fail(const char* what, const std::filesystem::path& file) {
    const auto error = static_cast<int>(::GetLastError());
    const std::u8string name = file.u8string();
    throw std::system_error(error, std::system_category(), what + std::string(name.begin(), name.end()));
}

struct CloseHandle {
    void operator()(void* handle) const { ::CloseHandle(handle); }
};

} // namespace

void allocate_file(const std::filesystem::path& file, std::uint64_t size) {
    void* raw = ::CreateFileW(file.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_ALWAYS,
                              FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
    if (raw == INVALID_HANDLE_VALUE) {
        fail("cannot make ", file);
    }
    const std::unique_ptr<void, CloseHandle> handle(raw);
    // A file that is not sparse gets its clusters when its end is set.
    FILE_END_OF_FILE_INFO end{};
    end.EndOfFile.QuadPart = static_cast<LONGLONG>(size);
    if (::SetFileInformationByHandle(handle.get(), FileEndOfFileInfo, &end, sizeof(end)) == 0) {
        fail("cannot reserve the room for ", file);
    }
}

} // namespace maptrail::inbox

#endif
