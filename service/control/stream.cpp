#include "service/control/stream.hpp"

#include "common/win32/error.hpp"

#include <array>
#include <cstring>

namespace maptrail {

namespace {

constexpr std::size_t header_size = sizeof(std::uint32_t) + 1;

BOOL begin_read(HANDLE pipe, void* data, DWORD size, OVERLAPPED* operation) {
    return ReadFile(pipe, data, size, nullptr, operation);
}

BOOL begin_write(HANDLE pipe, void* data, DWORD size, OVERLAPPED* operation) {
    return WriteFile(pipe, data, size, nullptr, operation);
}

} // namespace

std::string framed(MessageKind kind, std::string_view text) {
    std::string bytes(header_size, '\0');
    const auto size = static_cast<std::uint32_t>(text.size());
    std::memcpy(bytes.data(), &size, sizeof size);
    bytes[sizeof size] = static_cast<char>(kind);
    bytes += text;
    return bytes;
}

MessageStream::MessageStream(HANDLE pipe, HANDLE stop)
    : pipe_(pipe), stop_(stop), event_(CreateEventW(nullptr, TRUE, FALSE, nullptr)) {
    if (!event_) {
        win32::throw_last_error("cannot make an event");
    }
}

bool MessageStream::finish(OVERLAPPED& operation, DWORD timeout, DWORD& moved) {
    const std::array<HANDLE, 2> events = {event_.get(), stop_};
    const DWORD count = stop_ != nullptr ? 2 : 1;
    const bool in_time = WaitForMultipleObjects(count, events.data(), FALSE, timeout) == WAIT_OBJECT_0;
    if (!in_time) {
        CancelIoEx(pipe_, &operation);
    }
    // Also after a cancellation: until it is over, the system may write to the caller's memory.
    return GetOverlappedResult(pipe_, &operation, &moved, TRUE) && in_time;
}

bool MessageStream::wait_for_client() {
    OVERLAPPED operation{};
    operation.hEvent = event_.get();
    if (ConnectNamedPipe(pipe_, &operation)) {
        return true;
    }
    switch (GetLastError()) {
    case ERROR_PIPE_CONNECTED:
        return true;
    case ERROR_IO_PENDING: {
        DWORD moved = 0;
        return finish(operation, stop_ != nullptr ? INFINITE : 0, moved);
    }
    default:
        return false;
    }
}

bool MessageStream::transfer(Begin begin, std::byte* data, std::size_t size, std::chrono::milliseconds timeout) {
    const auto end = std::chrono::steady_clock::now() + timeout;
    while (size != 0) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        OVERLAPPED operation{};
        operation.hEvent = event_.get();
        if (!begin(pipe_, data, static_cast<DWORD>(size), &operation) && GetLastError() != ERROR_IO_PENDING) {
            return false;
        }
        DWORD moved = 0;
        if (!finish(operation, left.count() > 0 ? static_cast<DWORD>(left.count()) : 0, moved) || moved == 0) {
            return false;
        }
        data += moved;
        size -= moved;
    }
    return true;
}

bool MessageStream::send(MessageKind kind, std::string_view text, std::chrono::milliseconds timeout) {
    std::string bytes = framed(kind, text);
    return transfer(&begin_write, reinterpret_cast<std::byte*>(bytes.data()), bytes.size(), timeout);
}

bool MessageStream::receive(Message& message, std::size_t longest, std::chrono::milliseconds timeout) {
    std::array<std::byte, header_size> header{};
    if (!transfer(&begin_read, header.data(), header.size(), timeout)) {
        return false;
    }
    std::uint32_t size = 0;
    std::memcpy(&size, header.data(), sizeof size);
    if (size > longest) {
        return false;
    }
    message.kind = static_cast<MessageKind>(header[sizeof size]);
    message.text.resize(size);
    return transfer(&begin_read, reinterpret_cast<std::byte*>(message.text.data()), size, timeout);
}

} // namespace maptrail
