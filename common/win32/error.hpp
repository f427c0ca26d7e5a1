// Win32 errors as text and as exceptions. Not for the notifyee.
#pragma once

#include <windows.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace maptrail::win32 {

/// "Access is denied. (error 5)"
[[nodiscard]] std::string error_message(DWORD error);

/// A Win32 call that failed, for start-up and configuration.
class Error : public std::runtime_error {
public:
    /// The text is "<what>: <the system's message> (error N)".
    Error(std::string_view what, DWORD error);

    [[nodiscard]] DWORD code() const { return code_; }

private:
    DWORD code_;
};

/// Throws what GetLastError says. Take care that nothing stands between the failed call and this one.
[[noreturn]] void throw_last_error(std::string_view what);

} // namespace maptrail::win32
