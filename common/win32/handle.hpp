// Owners of Win32 handles.
#pragma once

#include <windows.h>

#include <utility>

namespace maptrail::win32 {

/// A kernel object's handle. Both kinds of "none", null and INVALID_HANDLE_VALUE, are kept as null.
class Handle {
public:
    Handle() = default;
    explicit Handle(HANDLE handle) : handle_(handle == INVALID_HANDLE_VALUE ? nullptr : handle) {}
    Handle(Handle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Handle& operator=(Handle&& other) noexcept {
        if (this != &other) {
            reset();
            handle_ = std::exchange(other.handle_, nullptr);
        }
        return *this;
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { reset(); }

    [[nodiscard]] HANDLE get() const { return handle_; }
    explicit operator bool() const { return handle_ != nullptr; }

    void reset() {
        if (handle_ != nullptr) {
            CloseHandle(handle_);
            handle_ = nullptr;
        }
    }

    /// For calls that return a handle through a pointer. Closes what was held.
    [[nodiscard]] HANDLE* receive() {
        reset();
        return &handle_;
    }

private:
    HANDLE handle_ = nullptr;
};

/// Memory that the system gave and that LocalFree takes back.
template <class T>
class LocalMemory {
public:
    LocalMemory() = default;
    explicit LocalMemory(T* memory) : memory_(memory) {}
    LocalMemory(const LocalMemory&) = delete;
    LocalMemory& operator=(const LocalMemory&) = delete;
    ~LocalMemory() {
        if (memory_ != nullptr) {
            LocalFree(memory_);
        }
    }

    [[nodiscard]] T* get() const { return memory_; }
    [[nodiscard]] T** receive() { return &memory_; }

private:
    T* memory_ = nullptr;
};

} // namespace maptrail::win32
