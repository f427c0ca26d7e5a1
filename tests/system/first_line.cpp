// maptrail-first-line PROGRAM ARGUMENT...: what `PROGRAM ARGUMENT... | head -1` does, where nothing but a program of
// Windows can hold the other end of a pipe. Reads a line, closes the pipe, and waits for the program to end by itself.
#include "common/win32/error.hpp"
#include "common/win32/handle.hpp"

#include <windows.h>

#include <chrono>
#include <cstdio>
#include <cwchar>
#include <exception>
#include <string>

namespace {

using namespace maptrail;

constexpr DWORD patience_ms = 20'000;

/// The command line as it came, less the program's own name: quotes and all.
std::wstring rest_of_command_line() {
    const wchar_t* at = GetCommandLineW();
    for (bool quoted = false; *at != L'\0' && (quoted || *at != L' '); ++at) {
        quoted = *at == L'"' ? !quoted : quoted;
    }
    return at + std::wcsspn(at, L" ");
}

int run(std::wstring command) {
    SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
    win32::Handle reading;
    win32::Handle writing;
    if (!CreatePipe(reading.receive(), writing.receive(), &inherited, 0)) {
        win32::throw_last_error("cannot make a pipe");
    }
    if (!SetHandleInformation(reading.get(), HANDLE_FLAG_INHERIT, 0)) {
        win32::throw_last_error("cannot keep the pipe's end");
    }
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdOutput = writing.get();
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    PROCESS_INFORMATION started{};
    if (!CreateProcessW(nullptr, command.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &startup, &started)) {
        win32::throw_last_error("cannot start the program");
    }
    const win32::Handle thread(started.hThread);
    const win32::Handle process(started.hProcess);
    writing.reset();

    std::string line;
    DWORD count = 0;
    for (char next = 0; next != '\n' && ReadFile(reading.get(), &next, 1, &count, nullptr) && count == 1;) {
        line += next;
    }
    reading.reset();
    const auto closed = std::chrono::steady_clock::now();
    if (WaitForSingleObject(process.get(), patience_ms) != WAIT_OBJECT_0) {
        TerminateProcess(process.get(), 1);
        std::fprintf(stderr, "maptrail-first-line: the program goes on though nobody reads what it writes\n");
        return 1;
    }
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - closed).count();
    DWORD code = 0;
    if (!GetExitCodeProcess(process.get(), &code)) {
        win32::throw_last_error("cannot tell how the program ended");
    }
    std::printf("%sended %lld ms after its reader, exit code %lu\n", line.c_str(), static_cast<long long>(took), code);
    return line.ends_with('\n') && code == 0 ? 0 : 1;
}

} // namespace

int main() {
    try {
        return run(rest_of_command_line());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "maptrail-first-line: %s\n", error.what());
        return 2;
    }
}
