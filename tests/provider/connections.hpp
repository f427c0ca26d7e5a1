// The connections that there are, seen by every process. A device's connection is the device itself, defined as a
// redirector defines it, so QueryDosDevice tells where it leads; a connection without a device is a value under a
// volatile key. Under Wine both last until its server ends.
#pragma once

#include <windows.h>

#include <optional>
#include <string>

namespace maptrail::test {

/// Keeps others out, in this process and in others, as long as it lives.
class ConnectionsLock {
public:
    ConnectionsLock();
    ConnectionsLock(const ConnectionsLock&) = delete;
    ConnectionsLock& operator=(const ConnectionsLock&) = delete;
    ~ConnectionsLock();

    /// False if the others did not let go in time.
    [[nodiscard]] bool held() const { return held_; }

private:
    HANDLE mutex_ = nullptr;
    bool held_ = false;
};

/// With a device name and without. The functions that change something want the lock to be held.
[[nodiscard]] std::optional<std::wstring> remote_of_device(const std::wstring& device);
[[nodiscard]] DWORD connect_device(const std::wstring& device, const std::wstring& remote);
[[nodiscard]] DWORD disconnect_device(const std::wstring& device);

[[nodiscard]] bool is_connected(const std::wstring& remote);
[[nodiscard]] DWORD connect_without_device(const std::wstring& remote);
[[nodiscard]] DWORD disconnect_without_device(const std::wstring& remote);

} // namespace maptrail::test
