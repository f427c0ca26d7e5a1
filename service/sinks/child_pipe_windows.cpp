#include "service/sinks/child_pipe.hpp"

#include "common/win32/error.hpp"

#include <sddl.h>

#include <atomic>
#include <cstdint>
#include <string>

namespace maptrail {

namespace {

constexpr DWORD pipe_buffer = 64U << 10U;

/// Nobody else opens these; the child gets its end by inheritance.
constexpr wchar_t pipe_access[] = L"D:P(A;;GA;;;SY)(A;;GA;;;BA)";

/// Below ProtectedPrefix\Administrators nobody else can take the name before us.
std::wstring new_pipe_name() {
    static std::atomic<std::uint64_t> number{0};
    return L"\\\\.\\pipe\\ProtectedPrefix\\Administrators\\MapTrail\\command-" +
           std::to_wstring(GetCurrentProcessId()) + L"-" + std::to_wstring(++number);
}

} // namespace

// As CreatePipe does it, whose pipes can't be overlapped: the server's end reads, the client's end writes.
ChildPipe make_child_pipe(ToChild direction) {
    const bool child_reads = direction == ToChild::yes;
    win32::LocalMemory<void> access;
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(pipe_access, SDDL_REVISION_1, access.receive(),
                                                              nullptr)) {
        win32::throw_last_error("cannot read the access list of a command's pipe");
    }
    SECURITY_ATTRIBUTES attributes{sizeof attributes, access.get(), child_reads};
    const std::wstring name = new_pipe_name();
    win32::Handle reading(CreateNamedPipeW(
        name.c_str(), PIPE_ACCESS_INBOUND | FILE_FLAG_FIRST_PIPE_INSTANCE | (child_reads ? 0 : FILE_FLAG_OVERLAPPED),
        PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS, 1, 0, pipe_buffer, 0, &attributes));
    if (!reading) {
        win32::throw_last_error("cannot make a pipe for a command");
    }
    attributes = {sizeof attributes, nullptr, !child_reads};
    win32::Handle writing(CreateFileW(name.c_str(), GENERIC_WRITE | FILE_READ_ATTRIBUTES, 0, &attributes, OPEN_EXISTING,
                                      child_reads ? FILE_FLAG_OVERLAPPED : 0, nullptr));
    if (!writing) {
        win32::throw_last_error("cannot open a pipe for a command");
    }
    return child_reads ? ChildPipe{std::move(writing), std::move(reading)}
                       : ChildPipe{std::move(reading), std::move(writing)};
}

ChildPipeEnd::ChildPipeEnd(win32::Handle pipe)
    : pipe_(std::move(pipe)), event_(CreateEventW(nullptr, TRUE, FALSE, nullptr)) {
    if (!event_) {
        win32::throw_last_error("cannot make an event");
    }
}

void ChildPipeEnd::write(std::span<const char> bytes) {
    operation_ = {};
    operation_.hEvent = event_.get();
    began(WriteFile(pipe_.get(), bytes.data(), static_cast<DWORD>(bytes.size()), nullptr, &operation_));
}

void ChildPipeEnd::read(std::span<char> room) {
    operation_ = {};
    operation_.hEvent = event_.get();
    began(ReadFile(pipe_.get(), room.data(), static_cast<DWORD>(room.size()), nullptr, &operation_));
}

void ChildPipeEnd::began(BOOL done) {
    if (done || GetLastError() == ERROR_IO_PENDING) {
        under_way_ = true;
    } else {
        close(); // whatever the error: nothing comes or goes any more
    }
}

std::optional<std::size_t> ChildPipeEnd::take() {
    if (!under_way_) {
        return std::nullopt;
    }
    DWORD moved = 0;
    if (GetOverlappedResult(pipe_.get(), &operation_, &moved, FALSE)) {
        under_way_ = false;
        return moved;
    }
    if (GetLastError() != ERROR_IO_INCOMPLETE) {
        under_way_ = false;
        close();
    }
    return std::nullopt;
}

void ChildPipeEnd::close() {
    if (under_way_) {
        CancelIoEx(pipe_.get(), &operation_);
        DWORD moved = 0;
        GetOverlappedResult(pipe_.get(), &operation_, &moved, TRUE); // the system writes into it until then
        under_way_ = false;
    }
    pipe_.reset();
}

} // namespace maptrail
