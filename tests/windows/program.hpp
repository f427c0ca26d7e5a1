// Programs that a test starts.
#pragma once

#include "common/win32/error.hpp"
#include "common/win32/handle.hpp"

#include <windows.h>

#include <string>

namespace maptrail::test {

struct Program {
    win32::Handle process;
    DWORD id = 0;
};

/// `command` as CreateProcess takes it: the program's path in quotes, then its arguments. Throws win32::Error.
inline Program start_program(std::wstring command) {
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    PROCESS_INFORMATION started{};
    if (!CreateProcessW(nullptr, command.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr, &startup, &started)) {
        win32::throw_last_error("cannot start a program of the test");
    }
    CloseHandle(started.hThread);
    return {win32::Handle(started.hProcess), started.dwProcessId};
}

} // namespace maptrail::test
