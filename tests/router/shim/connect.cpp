// WNetAddConnection, 2 and 3.
#include "tests/router/shim/builtin.hpp"
#include "tests/router/shim/notified.hpp"
#include "tests/router/shim/wide.hpp"
#include "tests/router/shim/wild.hpp"

#include <string_view>

namespace {

using namespace maptrail::router;

/// "A successful connection is persistent" is all that is said of WNetAddConnection's flags.
constexpr DWORD flags_of_add_connection = CONNECT_UPDATE_PROFILE;

/// Drives are X:, printer and serial ports LPT1 and COM1 with or without a colon.
bool is_device(std::wstring_view name) {
    const auto is_letter = [](wchar_t c) { return (c >= L'A' && c <= L'Z') || (c >= L'a' && c <= L'z'); };
    if (name.size() == 2) {
        return is_letter(name[0]) && name[1] == L':';
    }
    const bool port = name.size() == 4 || (name.size() == 5 && name[4] == L':');
    return port && is_letter(name[0]) && is_letter(name[1]) && is_letter(name[2]) && name[3] >= L'0' && name[3] <= L'9';
}

/// What is wrong with the parameters before anybody is asked; NO_ERROR if nothing is.
DWORD fault_of(const NETRESOURCEW* resource) {
    if (resource == nullptr) {
        return ERROR_INVALID_PARAMETER;
    }
    if (resource->lpRemoteName == nullptr || resource->lpRemoteName[0] == L'\0') {
        return ERROR_BAD_NET_NAME;
    }
    if (resource->dwType > RESOURCETYPE_PRINT) {
        return ERROR_BAD_DEV_TYPE;
    }
    if (resource->lpLocalName != nullptr && resource->lpLocalName[0] != L'\0' && !is_device(resource->lpLocalName)) {
        return ERROR_BAD_DEVICE;
    }
    return NO_ERROR;
}

template <typename Attempt>
DWORD connect(HWND owner, const NETRESOURCEW* resource, DWORD flags, const Attempt& attempt) {
    const DWORD fault = fault_of(resource);
    if (fault != NO_ERROR) {
        return refused(fault);
    }
    const auto details = [&](bool, DWORD) {
        NOTIFYADD add{};
        add.hwndOwner = owner;
        // Only what is valid for NPAddConnection is passed on; the other fields are not the notifyee's to read.
        add.NetResource.dwScope = wild_number;
        add.NetResource.dwType = resource->dwType;
        add.NetResource.dwDisplayType = wild_number;
        add.NetResource.dwUsage = wild_number;
        add.NetResource.lpLocalName = resource->lpLocalName;
        add.NetResource.lpRemoteName = resource->lpRemoteName;
        add.NetResource.lpComment = wild_pointer();
        add.NetResource.lpProvider = resource->lpProvider;
        add.dwAddFlags = flags;
        return add;
    };
    return notified(&Notifyee::add, details, attempt);
}

template <typename Attempt>
DWORD connect(HWND owner, const NETRESOURCEA* resource, DWORD flags, const Attempt& attempt) {
    if (resource == nullptr) {
        return refused(ERROR_INVALID_PARAMETER);
    }
    const WideResource wide(*resource);
    return connect(owner, wide.get(), flags, attempt);
}

template <typename Resource, typename Char>
Resource resource_of(const Char* remote, const Char* local) {
    Resource resource{};
    resource.dwType = RESOURCETYPE_ANY;
    resource.lpRemoteName = const_cast<Char*>(remote);
    resource.lpLocalName = const_cast<Char*>(local);
    return resource;
}

} // namespace

extern "C" {

DWORD WINAPI WNetAddConnectionA(LPCSTR remote, LPCSTR password, LPCSTR local) {
    const auto resource = resource_of<NETRESOURCEA>(remote, local);
    return connect(nullptr, &resource, flags_of_add_connection,
                   [&] { return call_builtin("WNetAddConnectionA", WNetAddConnectionA, remote, password, local); });
}

DWORD WINAPI WNetAddConnectionW(LPCWSTR remote, LPCWSTR password, LPCWSTR local) {
    const auto resource = resource_of<NETRESOURCEW>(remote, local);
    return connect(nullptr, &resource, flags_of_add_connection,
                   [&] { return call_builtin("WNetAddConnectionW", WNetAddConnectionW, remote, password, local); });
}

DWORD WINAPI WNetAddConnection2A(LPNETRESOURCEA resource, LPCSTR password, LPCSTR user, DWORD flags) {
    return connect(nullptr, resource, flags, [&] {
        return call_builtin("WNetAddConnection2A", WNetAddConnection2A, resource, password, user, flags);
    });
}

DWORD WINAPI WNetAddConnection2W(LPNETRESOURCEW resource, LPCWSTR password, LPCWSTR user, DWORD flags) {
    return connect(nullptr, resource, flags, [&] {
        return call_builtin("WNetAddConnection2W", WNetAddConnection2W, resource, password, user, flags);
    });
}

DWORD WINAPI WNetAddConnection3A(HWND owner, LPNETRESOURCEA resource, LPCSTR password, LPCSTR user, DWORD flags) {
    return connect(owner, resource, flags, [&] {
        return call_builtin("WNetAddConnection3A", WNetAddConnection3A, owner, resource, password, user, flags);
    });
}

DWORD WINAPI WNetAddConnection3W(HWND owner, LPNETRESOURCEW resource, LPCWSTR password, LPCWSTR user, DWORD flags) {
    return connect(owner, resource, flags, [&] {
        return call_builtin("WNetAddConnection3W", WNetAddConnection3W, owner, resource, password, user, flags);
    });
}

} // extern "C"
