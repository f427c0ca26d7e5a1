// WNetCancelConnection and 2.
#include "tests/router/shim/builtin.hpp"
#include "tests/router/shim/notified.hpp"
#include "tests/router/shim/registry.hpp"
#include "tests/router/shim/wide.hpp"
#include "tests/router/shim/wild.hpp"

namespace {

using namespace maptrail::router;

/// WNetCancelConnection "is equivalent to WNetCancelConnection2 with CONNECT_UPDATE_PROFILE" (driver kit).
constexpr DWORD flags_of_cancel_connection = CONNECT_UPDATE_PROFILE;

template <typename Attempt>
DWORD cancel(LPWSTR name, DWORD flags, BOOL force, const Attempt& attempt) {
    if (name == nullptr || name[0] == L'\0') {
        return refused(ERROR_INVALID_PARAMETER);
    }
    static const std::wstring provider = first_provider_name();
    const auto details = [&](bool after, DWORD status) {
        NOTIFYCANCEL details{};
        details.lpName = name;
        // Defined after a cancel that succeeded, and at no other time.
        details.lpProvider = after && status == WN_SUCCESS ? const_cast<LPWSTR>(provider.c_str()) : wild_pointer();
        details.dwFlags = flags;
        details.fForce = force;
        return details;
    };
    return notified(&Notifyee::cancel, details, attempt);
}

} // namespace

extern "C" {

DWORD WINAPI WNetCancelConnectionA(LPCSTR name, BOOL force) {
    WideText wide(name);
    return cancel(wide.get(), flags_of_cancel_connection, force,
                  [&] { return call_builtin("WNetCancelConnectionA", WNetCancelConnectionA, name, force); });
}

DWORD WINAPI WNetCancelConnectionW(LPCWSTR name, BOOL force) {
    return cancel(const_cast<LPWSTR>(name), flags_of_cancel_connection, force,
                  [&] { return call_builtin("WNetCancelConnectionW", WNetCancelConnectionW, name, force); });
}

DWORD WINAPI WNetCancelConnection2A(LPCSTR name, DWORD flags, BOOL force) {
    WideText wide(name);
    return cancel(wide.get(), flags, force,
                  [&] { return call_builtin("WNetCancelConnection2A", WNetCancelConnection2A, name, flags, force); });
}

DWORD WINAPI WNetCancelConnection2W(LPCWSTR name, DWORD flags, BOOL force) {
    return cancel(const_cast<LPWSTR>(name), flags, force,
                  [&] { return call_builtin("WNetCancelConnection2W", WNetCancelConnection2W, name, flags, force); });
}

} // extern "C"
