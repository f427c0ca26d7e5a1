// A network provider without a network: it does what the remote name asks (wish.hpp). It is handed passwords in clear
// and looks at none of them.
#include "tests/provider/connections.hpp"
#include "tests/provider/wish.hpp"
#include "tests/router/shim/npapi.hpp"

#include <cwchar>

namespace {

using namespace maptrail::test;

/// The number that the driver kit's sample redirector uses: it is nobody's product.
constexpr DWORD net_type = 0x00250000;

std::wstring text_or_empty(const wchar_t* text) {
    return text != nullptr ? text : L"";
}

DWORD connect(const NETRESOURCEW& resource) {
    const std::wstring remote = text_or_empty(resource.lpRemoteName);
    const std::optional<Wish> wish = wish_of(remote);
    if (!wish) {
        return WN_BAD_NETNAME;
    }
    if (wish->delay_ms != 0) {
        Sleep(wish->delay_ms);
    }
    if (wish->connect_error != NO_ERROR) {
        return wish->connect_error;
    }
    const ConnectionsLock lock;
    if (!lock.held()) {
        return ERROR_BUSY;
    }
    const std::wstring local = text_or_empty(resource.lpLocalName);
    return local.empty() ? connect_without_device(remote) : connect_device(local, remote);
}

DWORD disconnect(const std::wstring& name, bool force) {
    const ConnectionsLock lock;
    if (!lock.held()) {
        return ERROR_BUSY;
    }
    const bool without_device = name.starts_with(L"\\\\");
    const std::optional<std::wstring> remote = without_device ? name : remote_of_device(name);
    if (!remote || (without_device && !is_connected(name))) {
        return WN_NOT_CONNECTED;
    }
    const Wish wish = wish_of(*remote).value_or(Wish{});
    if (wish.open_files && !force) {
        return WN_OPEN_FILES;
    }
    if (wish.disconnect_error != NO_ERROR) {
        return wish.disconnect_error;
    }
    return without_device ? disconnect_without_device(name) : disconnect_device(name);
}

} // namespace

extern "C" {

DWORD WINAPI NPGetCaps(DWORD index) {
    switch (index) {
    case WNNC_SPEC_VERSION:
        return WNNC_SPEC_VERSION51;
    case WNNC_NET_TYPE:
        return net_type;
    case WNNC_DRIVER_VERSION:
        return 1;
    case WNNC_CONNECTION:
        return WNNC_CON_ADDCONNECTION | WNNC_CON_ADDCONNECTION3 | WNNC_CON_CANCELCONNECTION | WNNC_CON_GETCONNECTIONS;
    case WNNC_START:
        return WNNC_WAIT_FOR_START;
    default:
        return 0;
    }
}

DWORD WINAPI NPAddConnection(LPNETRESOURCEW resource, LPWSTR, LPWSTR) {
    return resource != nullptr ? connect(*resource) : WN_BAD_POINTER;
}

DWORD WINAPI NPAddConnection3(HWND, LPNETRESOURCEW resource, LPWSTR, LPWSTR, DWORD) {
    return resource != nullptr ? connect(*resource) : WN_BAD_POINTER;
}

DWORD WINAPI NPCancelConnection(LPWSTR name, BOOL force) {
    return name != nullptr ? disconnect(name, force != FALSE) : WN_BAD_POINTER;
}

DWORD WINAPI NPGetConnection(LPWSTR local, LPWSTR remote, LPDWORD length) {
    if (local == nullptr || length == nullptr) {
        return WN_BAD_POINTER;
    }
    const std::optional<std::wstring> found = remote_of_device(local);
    if (!found) {
        return WN_NOT_CONNECTED;
    }
    const DWORD needed = static_cast<DWORD>(found->size() + 1);
    if (*length < needed || remote == nullptr) {
        *length = needed;
        return WN_MORE_DATA;
    }
    std::wmemcpy(remote, found->c_str(), needed);
    return WN_SUCCESS;
}

} // extern "C"
