#include "tests/bench/echo.hpp"

#include "common/win32/error.hpp"
#include "common/wire/frame.hpp"
#include "tests/windows/program.hpp"

#include <windows.h>

#include <array>
#include <thread>

namespace maptrail::bench {

namespace {

constexpr DWORD patience_ms = 20'000;

void serve(win32::Handle pipe) {
    alignas(8) std::array<std::byte, wire::max_frame_size> request{};
    const wire::Reply reply{};
    DWORD moved = 0;
    if (!ConnectNamedPipe(pipe.get(), nullptr) && GetLastError() != ERROR_PIPE_CONNECTED) {
        return;
    }
    while (ReadFile(pipe.get(), request.data(), static_cast<DWORD>(request.size()), &moved, nullptr) &&
           WriteFile(pipe.get(), &reply, sizeof reply, &moved, nullptr)) {
    }
}

std::wstring own_path() {
    std::array<wchar_t, 1024> path{};
    GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
    return path.data();
}

} // namespace

int serve_echo(const std::wstring& pipe_name, unsigned clients) {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < clients; ++i) {
        win32::Handle pipe(CreateNamedPipeW(pipe_name.c_str(), PIPE_ACCESS_DUPLEX,
                                            PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, clients, wire::max_frame_size,
                                            wire::max_frame_size, 0, nullptr));
        if (!pipe) {
            win32::throw_last_error("cannot make the echo pipe");
        }
        threads.emplace_back(serve, std::move(pipe));
    }
    return 0;
}

EchoServer::EchoServer(unsigned clients)
    : pipe_name_(L"\\\\.\\pipe\\maptrail-bench-" + std::to_wstring(GetCurrentProcessId())) {
    std::wstring command = L"\"" + own_path() + L"\" --echo " + pipe_name_ + L" --callers " + std::to_wstring(clients);
    process_ = test::start_program(command).process;
}

EchoServer::~EchoServer() {
    TerminateProcess(process_.get(), 0);
}

EchoClient::EchoClient(const std::wstring& pipe_name) : event_(CreateEventW(nullptr, TRUE, FALSE, nullptr)) {
    const ULONGLONG end = GetTickCount64() + patience_ms;
    while (!pipe_) {
        pipe_ = win32::Handle(CreateFileW(pipe_name.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING,
                                          FILE_FLAG_OVERLAPPED, nullptr));
        if (!pipe_ && GetTickCount64() > end) {
            win32::throw_last_error("cannot connect to the echo server");
        }
        if (!pipe_) {
            Sleep(1);
        }
    }
    DWORD mode = PIPE_READMODE_MESSAGE;
    if (!SetNamedPipeHandleState(pipe_.get(), &mode, nullptr, nullptr)) {
        win32::throw_last_error("cannot read the echo pipe by messages");
    }
}

void EchoClient::round_trip(std::span<std::byte> request) {
    alignas(8) std::array<std::byte, 256> answer{};
    OVERLAPPED overlapped{};
    overlapped.hEvent = event_.get();
    DWORD read = 0;
    if (!TransactNamedPipe(pipe_.get(), request.data(), static_cast<DWORD>(request.size()), answer.data(),
                           static_cast<DWORD>(answer.size()), &read, &overlapped)) {
        if (GetLastError() != ERROR_IO_PENDING || WaitForSingleObject(event_.get(), patience_ms) != WAIT_OBJECT_0 ||
            !GetOverlappedResult(pipe_.get(), &overlapped, &read, FALSE)) {
            win32::throw_last_error("the echo server does not answer");
        }
    }
    if (read != sizeof(wire::Reply)) {
        throw std::runtime_error("the echo server answered something else");
    }
}

} // namespace maptrail::bench
