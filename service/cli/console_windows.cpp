#include "service/cli/console_windows.hpp"

#include "service/scm/win32_failure.hpp"
#include "service/text/utf.hpp"

#include <algorithm>
#include <string>
#include <winternl.h>

namespace maptrail {
namespace {

/// No larger piece goes to the system at once: an old console has a buffer of 64 KiB.
constexpr std::size_t piece = 8192;

[[nodiscard]] bool refused_colour() {
    return GetEnvironmentVariableW(L"NO_COLOR", nullptr, 0) > 1;
}

// No call of the Win32 API tells the writer that its reader has gone: one that writes nothing would end the reader's
// input. The structure is documented as FILE_PIPE_LOCAL_INFORMATION.
struct PipeLocalInformation {
    ULONG type, configuration, most_instances, instances, inbound_quota, readable, outbound_quota, writable, state, end;
};
constexpr int file_pipe_local_information = 24;
constexpr ULONG pipe_is_connected = 3;
using PipeQuery = NTSTATUS(NTAPI*)(HANDLE, IO_STATUS_BLOCK*, void*, ULONG, int);

PipeQuery pipe_query() {
    const HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    const FARPROC found = ntdll != nullptr ? GetProcAddress(ntdll, "NtQueryInformationFile") : nullptr;
    return reinterpret_cast<PipeQuery>(reinterpret_cast<void*>(found));
}

/// True for a reader that has gone, which is no failure; throws for the rest.
bool reader_has_gone(const char* call) {
    const DWORD error = GetLastError();
    if (error == ERROR_BROKEN_PIPE || error == ERROR_NO_DATA) {
        return true;
    }
    throw CannotDo("The output cannot be written. " + win32_failure(call, error));
}

} // namespace

ConsoleStream::ConsoleStream(Which which)
    : handle_(GetStdHandle(which == Which::output ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE)) {
    DWORD mode = 0;
    console_ = handle_ != nullptr && handle_ != INVALID_HANDLE_VALUE && GetConsoleMode(handle_, &mode) != FALSE;
    // Colour needs a console that understands the sequences: one that cannot be told to, does not.
    colour_ = console_ && !refused_colour() &&
              SetConsoleMode(handle_, mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING) != FALSE;
}

bool ConsoleStream::write(std::string_view text) const {
    if (handle_ == nullptr || handle_ == INVALID_HANDLE_VALUE) {
        return false; // started without a standard stream, as a service is
    }
    if (!console_) {
        while (!text.empty()) {
            DWORD written = 0;
            const auto size = static_cast<DWORD>(std::min(text.size(), piece));
            if (WriteFile(handle_, text.data(), size, &written, nullptr) == FALSE) {
                return !reader_has_gone("WriteFile");
            }
            text.remove_prefix(written);
        }
        return true;
    }
    const std::u16string units = to_utf16(text);
    const std::wstring wide(units.begin(), units.end());
    for (std::size_t at = 0; at < wide.size();) {
        DWORD written = 0;
        const auto size = static_cast<DWORD>(std::min(wide.size() - at, piece));
        if (WriteConsoleW(handle_, wide.data() + at, size, &written, nullptr) == FALSE) {
            return !reader_has_gone("WriteConsole");
        }
        at += written;
    }
    return true;
}

bool ConsoleStream::is_read() const {
    if (handle_ == nullptr || handle_ == INVALID_HANDLE_VALUE || GetFileType(handle_) != FILE_TYPE_PIPE) {
        return true;
    }
    static const auto query = pipe_query();
    if (query == nullptr) {
        return true;
    }
    IO_STATUS_BLOCK status{};
    PipeLocalInformation information{};
    return query(handle_, &status, &information, sizeof information, file_pipe_local_information) < 0 ||
           information.state == pipe_is_connected;
}

Terminal ConsoleStream::terminal() const {
    Terminal terminal;
    terminal.is_terminal = console_;
    terminal.colour = colour_;
    CONSOLE_SCREEN_BUFFER_INFO info{};
    if (console_ && GetConsoleScreenBufferInfo(handle_, &info) != FALSE && info.srWindow.Right > info.srWindow.Left) {
        // The last column stays free: writing into it makes a classic console begin a new line of its own.
        terminal.width = static_cast<std::size_t>(info.srWindow.Right - info.srWindow.Left);
    }
    return terminal;
}

} // namespace maptrail
