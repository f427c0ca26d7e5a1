#include "service/control/stream.hpp"

#include "common/win32/error.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace maptrail {

namespace {

constexpr std::size_t header_size = sizeof(std::uint32_t) + 1;
constexpr std::size_t read_at_once = 64U * 1024U;

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

bool MessageStream::move(Begin begin, void* data, std::size_t size, Deadline end, DWORD& moved) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    OVERLAPPED operation{};
    operation.hEvent = event_.get();
    if (!begin(pipe_, data, static_cast<DWORD>(size), &operation) && GetLastError() != ERROR_IO_PENDING) {
        return false;
    }
    return finish(operation, left.count() > 0 ? static_cast<DWORD>(left.count()) : 0, moved) && moved != 0;
}

bool MessageStream::send(MessageKind kind, std::string_view text, std::chrono::milliseconds timeout) {
    std::string bytes = framed(kind, text);
    const Deadline end = std::chrono::steady_clock::now() + timeout;
    DWORD moved = 0;
    for (std::size_t sent = 0; sent != bytes.size(); sent += moved) {
        if (!move(&begin_write, bytes.data() + sent, bytes.size() - sent, end, moved)) {
            return false;
        }
    }
    return true;
}

bool MessageStream::fill(std::size_t size, Deadline end) {
    buffer_.erase(0, taken_);
    taken_ = 0;
    while (buffer_.size() < size) {
        const std::size_t there = buffer_.size();
        buffer_.resize(there + read_at_once); // often the next messages lie in the pipe already
        DWORD moved = 0;
        const bool came = move(&begin_read, buffer_.data() + there, buffer_.size() - there, end, moved);
        buffer_.resize(there + (came ? moved : 0));
        if (!came) {
            return false;
        }
    }
    return true;
}

bool MessageStream::receive(Message& message, std::size_t longest, std::chrono::milliseconds timeout) {
    const Deadline end = std::chrono::steady_clock::now() + timeout;
    if (buffer_.size() - taken_ < header_size && !fill(header_size, end)) {
        return false;
    }
    std::uint32_t size = 0;
    std::memcpy(&size, buffer_.data() + taken_, sizeof size);
    if (size > longest) {
        return false;
    }
    if (buffer_.size() - taken_ < header_size + size && !fill(header_size + size, end)) {
        return false;
    }
    message.kind = static_cast<MessageKind>(buffer_[taken_ + sizeof size]);
    message.text.assign(buffer_, taken_ + header_size, size);
    taken_ += header_size + size;
    return true;
}

} // namespace maptrail
