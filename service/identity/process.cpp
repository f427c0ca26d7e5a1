#include "service/identity/process.hpp"

#include "common/win32/handle.hpp"
#include "service/text/utf.hpp"

#include <array>
#include <vector>

namespace maptrail {

namespace {

/// 100 ns since 1601 to ns since 1970.
std::int64_t unix_time(const FILETIME& time) {
    constexpr std::int64_t epoch = 116'444'736'000'000'000;
    const auto ticks = static_cast<std::int64_t>((std::uint64_t{time.dwHighDateTime} << 32U) | time.dwLowDateTime);
    return (ticks - epoch) * 100;
}

std::string image_path(HANDLE process) {
    constexpr DWORD usual = 512;
    constexpr DWORD longest = 32'768; // "Maximum Path Length Limitation"
    for (std::vector<wchar_t> path(usual);; path.resize(longest)) {
        auto size = static_cast<DWORD>(path.size());
        if (QueryFullProcessImageNameW(process, 0, path.data(), &size)) {
            return to_utf8({reinterpret_cast<const char16_t*>(path.data()), size});
        }
        if (GetLastError() != ERROR_INSUFFICIENT_BUFFER || path.size() == longest) {
            return {};
        }
    }
}

std::uint8_t bitness_of(HANDLE process) {
    BOOL wow64 = FALSE;
    // The service is 64-bit, so is its system: whoever is not under WOW64 is 64-bit too.
    return !IsWow64Process(process, &wow64) ? std::uint8_t{0} : wow64 ? std::uint8_t{32} : std::uint8_t{64};
}

} // namespace

std::int64_t process_start(HANDLE process) {
    FILETIME created{};
    FILETIME exited{};
    FILETIME kernel{};
    FILETIME user{};
    return GetProcessTimes(process, &created, &exited, &kernel, &user) ? unix_time(created) : 0;
}

ClientProcess read_pipe_client(HANDLE pipe) {
    ClientProcess client;
    ULONG pid = 0;
    if (!GetNamedPipeClientProcessId(pipe, &pid)) {
        return client;
    }
    client.pid = pid;
    FILETIME asked{};
    GetSystemTimePreciseAsFileTime(&asked);
    const win32::Handle process(OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, pid));
    if (!process) {
        return client;
    }
    const std::int64_t started = process_start(process.get());
    if (started > unix_time(asked)) {
        return client; // it got its number after the client, whose number it was, had ended
    }
    client.started = started;
    client.path = image_path(process.get());
    client.bitness = bitness_of(process.get());
    return client;
}

bool is_running(const ClientProcess& process) {
    if (process.pid == 0) {
        return true;
    }
    const win32::Handle handle(
        OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, FALSE, static_cast<DWORD>(process.pid)));
    if (!handle) {
        return GetLastError() != ERROR_INVALID_PARAMETER; // that is: no such process
    }
    if (WaitForSingleObject(handle.get(), 0) == WAIT_OBJECT_0) {
        return false;
    }
    const std::int64_t started = process_start(handle.get());
    return process.started == 0 || started == 0 || started == process.started;
}

} // namespace maptrail
