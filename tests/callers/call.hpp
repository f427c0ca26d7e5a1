// One call of the WNet functions that notifications are made for.
#pragma once

#include <windows.h>

#include <string>

namespace maptrail::test {

enum class Function { add, add2, add3, cancel, cancel2 };

struct Call {
    Function function = Function::add2;
    bool ansi = false;
    std::wstring local;  ///< empty for a connection without a device; unused by a cancel
    std::wstring remote; ///< of a cancel, what it cancels: a device or a remote name
    DWORD type = RESOURCETYPE_DISK;
    DWORD flags = 0; ///< the oldest two functions take none
    bool force = false;
    std::wstring user;
    std::wstring password;
    HWND owner = nullptr; ///< of add3
};

struct CallResult {
    DWORD status = NO_ERROR;
    DWORD last_error = NO_ERROR;
};

[[nodiscard]] CallResult make(const Call& call);

/// "WNetAddConnection2W"
[[nodiscard]] std::string name_of(Function function, bool ansi);

[[nodiscard]] std::string utf8_of(const std::wstring& text);
[[nodiscard]] std::wstring wide_of(const std::string& utf8);

} // namespace maptrail::test
