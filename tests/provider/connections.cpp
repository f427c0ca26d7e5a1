#include "tests/provider/connections.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <string_view>

namespace maptrail::test {

namespace {

constexpr DWORD lock_timeout_ms = 10'000;
constexpr std::wstring_view target_prefix = L"\\Device\\MapTrailTest\\;";
constexpr wchar_t key_path[] = L"Software\\MapTrail test provider";

/// The key of the connections without a device; null if it cannot be had.
class ConnectionsKey {
public:
    ConnectionsKey() {
        if (RegCreateKeyExW(HKEY_CURRENT_USER, key_path, 0, nullptr, REG_OPTION_VOLATILE, KEY_READ | KEY_WRITE, nullptr,
                            &key_, nullptr) != ERROR_SUCCESS) {
            key_ = nullptr;
        }
    }
    ConnectionsKey(const ConnectionsKey&) = delete;
    ConnectionsKey& operator=(const ConnectionsKey&) = delete;
    ~ConnectionsKey() {
        if (key_ != nullptr) {
            RegCloseKey(key_);
        }
    }

    [[nodiscard]] HKEY get() const { return key_; }

private:
    HKEY key_ = nullptr;
};

/// The name under which the object manager knows a device: drives with their colon, ports without it.
std::wstring device_name(std::wstring name) {
    if (name.size() > 2 && name.back() == L':') {
        name.pop_back();
    }
    for (wchar_t& c : name) {
        c = c >= L'a' && c <= L'z' ? static_cast<wchar_t>(c - L'a' + L'A') : c;
    }
    return name;
}

/// Connections belong to a logon session, whose id a redirector puts into the target.
std::uint64_t logon_id() {
    HANDLE token = nullptr;
    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token) &&
        !OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
        return 0;
    }
    TOKEN_STATISTICS statistics{};
    DWORD size = 0;
    const BOOL known = GetTokenInformation(token, TokenStatistics, &statistics, sizeof(statistics), &size);
    CloseHandle(token);
    const LUID id = known ? statistics.AuthenticationId : LUID{};
    return (static_cast<std::uint64_t>(static_cast<DWORD>(id.HighPart)) << 32) | id.LowPart;
}

std::wstring target_of(const std::wstring& device, const std::wstring& remote) {
    std::array<wchar_t, 17> id{};
    std::swprintf(id.data(), id.size(), L"%016llx", static_cast<unsigned long long>(logon_id()));
    return std::wstring(target_prefix) + device + (device.back() == L':' ? L"" : L":") + id.data() + remote.substr(1);
}

std::wstring query(const std::wstring& device) {
    std::wstring target(32768, L'\0');
    const DWORD length = QueryDosDeviceW(device.c_str(), target.data(), static_cast<DWORD>(target.size()));
    // The answer is a list; its first string is the one that counts.
    return length == 0 ? std::wstring{} : target.substr(0, target.find(L'\0'));
}

} // namespace

ConnectionsLock::ConnectionsLock() : mutex_(CreateMutexW(nullptr, FALSE, L"Local\\MapTrail test provider")) {
    const DWORD waited = mutex_ != nullptr ? WaitForSingleObject(mutex_, lock_timeout_ms) : WAIT_FAILED;
    held_ = waited == WAIT_OBJECT_0 || waited == WAIT_ABANDONED;
}

ConnectionsLock::~ConnectionsLock() {
    if (held_) {
        ReleaseMutex(mutex_);
    }
    if (mutex_ != nullptr) {
        CloseHandle(mutex_);
    }
}

std::optional<std::wstring> remote_of_device(const std::wstring& device) {
    const std::wstring target = query(device_name(device));
    const std::size_t path = target.find(L'\\', target_prefix.size());
    if (!target.starts_with(target_prefix) || path == std::wstring::npos) {
        return std::nullopt;
    }
    return L"\\" + target.substr(path);
}

DWORD connect_device(const std::wstring& device, const std::wstring& remote) {
    const std::wstring name = device_name(device);
    if (!query(name).empty()) {
        return ERROR_ALREADY_ASSIGNED;
    }
    const std::wstring target = target_of(name, remote);
    constexpr DWORD flags = DDD_RAW_TARGET_PATH | DDD_NO_BROADCAST_SYSTEM;
    return DefineDosDeviceW(flags, name.c_str(), target.c_str()) ? NO_ERROR : GetLastError();
}

DWORD disconnect_device(const std::wstring& device) {
    const std::wstring name = device_name(device);
    const std::wstring target = query(name);
    if (!target.starts_with(target_prefix)) {
        return ERROR_NOT_CONNECTED;
    }
    constexpr DWORD flags =
        DDD_RAW_TARGET_PATH | DDD_NO_BROADCAST_SYSTEM | DDD_REMOVE_DEFINITION | DDD_EXACT_MATCH_ON_REMOVE;
    return DefineDosDeviceW(flags, name.c_str(), target.c_str()) ? NO_ERROR : GetLastError();
}

bool is_connected(const std::wstring& remote) {
    const ConnectionsKey key;
    return key.get() != nullptr &&
           RegQueryValueExW(key.get(), remote.c_str(), nullptr, nullptr, nullptr, nullptr) == ERROR_SUCCESS;
}

DWORD connect_without_device(const std::wstring& remote) {
    const ConnectionsKey key;
    if (key.get() == nullptr) {
        return ERROR_CANNOT_OPEN_PROFILE;
    }
    return static_cast<DWORD>(RegSetValueExW(key.get(), remote.c_str(), 0, REG_NONE, nullptr, 0));
}

DWORD disconnect_without_device(const std::wstring& remote) {
    const ConnectionsKey key;
    if (key.get() == nullptr) {
        return ERROR_CANNOT_OPEN_PROFILE;
    }
    const LSTATUS status = RegDeleteValueW(key.get(), remote.c_str());
    return status == ERROR_FILE_NOT_FOUND ? ERROR_NOT_CONNECTED : static_cast<DWORD>(status);
}

} // namespace maptrail::test
