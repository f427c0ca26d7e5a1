// Frames over the control pipe: a byte stream in which each message has a length and a kind before it.
#pragma once

#include "common/win32/handle.hpp"

#include <windows.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace maptrail {

enum class MessageKind : std::uint8_t {
    request = 'q',    ///< JSON
    operations = 'o', ///< operations as JSON, one to a line
    status = 's',     ///< JSON
    done = 'd',       ///< the end of the answer
    error = 'e',      ///< the end of the answer: a sentence
};

struct Message {
    MessageKind kind = MessageKind::error;
    std::string text;
};

/// As it goes over the pipe.
[[nodiscard]] std::string framed(MessageKind kind, std::string_view text);

/// A longer one is not read: no length that came over the pipe is believed beyond these.
inline constexpr std::size_t longest_request = 64U * 1024U;
inline constexpr std::size_t longest_answer = 8U * 1024U * 1024U; ///< a configuration, with all that JSON escapes

/// Both ends use it. Every operation is overlapped, ends with the deadline or with the stop event, and is over when the
/// call returns. One thread.
class MessageStream {
public:
    /// `pipe` was opened for overlapped I/O. `stop` may be null. Neither is owned. Throws win32::Error.
    MessageStream(HANDLE pipe, HANDLE stop);

    /// False: the other end is gone, too slow, sent nonsense, or the stop event was set. The stream is then of no use.
    [[nodiscard]] bool send(MessageKind kind, std::string_view text, std::chrono::milliseconds timeout);
    [[nodiscard]] bool receive(Message& message, std::size_t longest, std::chrono::milliseconds timeout);

    /// For a server: waits for a client, as long as it takes. False: the stop event was set, or it failed.
    [[nodiscard]] bool wait_for_client();

private:
    using Begin = BOOL (*)(HANDLE, void*, DWORD, OVERLAPPED*);
    using Deadline = std::chrono::steady_clock::time_point;
    /// Some of it, one byte at least. False if nothing came or went in time.
    bool move(Begin begin, void* data, std::size_t size, Deadline end, DWORD& moved);
    /// Until `size` bytes are in the buffer.
    bool fill(std::size_t size, Deadline end);
    /// Waits for what was begun. False if it was cancelled or failed.
    bool finish(OVERLAPPED& operation, DWORD timeout, DWORD& moved);

    HANDLE pipe_;
    HANDLE stop_;
    win32::Handle event_;
    std::string buffer_; ///< what was read; its first `taken_` bytes have been given out
    std::size_t taken_ = 0;
};

} // namespace maptrail
