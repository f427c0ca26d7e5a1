// What a test asks of the provider, by the server's name in the remote name:
//
//   \\server\share      connects and disconnects
//   \\fail-1326\share   cannot be connected: the Win32 error is the number
//   \\delay-250\share   connects after so many milliseconds
//   \\busy\share        has open files: only a forced disconnect succeeds
//   \\stuck-31\share    connects; no disconnect succeeds: the error is the number
#pragma once

#include <windows.h>

#include <optional>
#include <string_view>

namespace maptrail::test {

struct Wish {
    DWORD connect_error = NO_ERROR;
    DWORD disconnect_error = NO_ERROR;
    DWORD delay_ms = 0;
    bool open_files = false;
};

/// Nothing if the name is no \\server\share.
[[nodiscard]] std::optional<Wish> wish_of(std::wstring_view remote_name);

} // namespace maptrail::test
