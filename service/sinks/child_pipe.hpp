// Pipes to and from a program that we start. Our end never makes a thread wait.
#pragma once

#include "common/win32/handle.hpp"

#include <windows.h>

#include <cstddef>
#include <optional>
#include <span>

namespace maptrail {

enum class ToChild : bool { no = false, yes = true };

struct ChildPipe {
    win32::Handle ours;   ///< overlapped
    win32::Handle childs; ///< an ordinary handle, which can be inherited
};

/// Bytes go one way: to the child, or from it. Throws win32::Error.
[[nodiscard]] ChildPipe make_child_pipe(ToChild direction);

/// Our end of a pipe, with at most one operation under way, whose buffer must live as long as it is.
class ChildPipeEnd {
public:
    /// Throws win32::Error.
    explicit ChildPipeEnd(win32::Handle pipe);
    ChildPipeEnd(const ChildPipeEnd&) = delete;
    ChildPipeEnd& operator=(const ChildPipeEnd&) = delete;
    ~ChildPipeEnd() { close(); }

    void write(std::span<const char> bytes);
    void read(std::span<char> room);

    /// While an operation is under way: set when it has ended. Else null.
    [[nodiscard]] HANDLE event() const { return under_way_ ? event_.get() : nullptr; }

    /// False once it is closed, by us or because the other end is.
    [[nodiscard]] bool is_open() const { return static_cast<bool>(pipe_); }

    /// The bytes that were moved, if the operation has ended; then there is none any more.
    [[nodiscard]] std::optional<std::size_t> take();

    /// Ends what is under way. The child reads what is in the pipe, then its end.
    void close();

private:
    void began(BOOL done);

    win32::Handle pipe_;
    win32::Handle event_;
    OVERLAPPED operation_{};
    bool under_way_ = false;
};

} // namespace maptrail
