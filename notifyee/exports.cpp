// The two functions that MPR calls. They copy what is defined for the call at hand, hand it over, and are back within
// the budget. Nothing here allocates, throws, starts a thread or keeps a pointer of the caller's.
#include "notifyee/delivery.hpp"
#include "notifyee/npapi.hpp"
#include "notifyee/state.hpp"

#include "common/wire/frame.hpp"

#include <array>
#include <optional>

namespace {

using namespace maptrail;

/// A DLL should not call SetLastError on its way out ("AddConnectNotify"): it leaves the value as it was.
class LastErrorKeeper {
public:
    LastErrorKeeper() : error_(GetLastError()) {}
    LastErrorKeeper(const LastErrorKeeper&) = delete;
    LastErrorKeeper& operator=(const LastErrorKeeper&) = delete;
    ~LastErrorKeeper() { SetLastError(error_); }

private:
    DWORD error_;
};

/// The name's length is counted up to what a full_length can tell.
wire::Text text_of(const wchar_t* name) {
    static_assert(sizeof(wchar_t) == sizeof(char16_t));
    if (name == nullptr) {
        return {};
    }
    std::size_t length = 0;
    while (length < 0xFFFF && name[length] != L'\0') {
        ++length;
    }
    return {{reinterpret_cast<const char16_t*>(name), length}, static_cast<std::uint16_t>(length)};
}

std::optional<wire::Phase> phase_of(DWORD notify_status) {
    switch (notify_status) {
    case NOTIFY_PRE:
        return wire::Phase::before;
    case NOTIFY_POST:
        return wire::Phase::after;
    default:
        return std::nullopt;
    }
}

using DeviceTarget = std::array<wchar_t, wire::max_device_units + 1>;

/// What a device name points to, as long as it does. Asks the caller's own object directory, not the network.
wire::Text target_of(const wchar_t* name, DeviceTarget& target) {
    constexpr std::size_t longest_device = 16; // "LPT1:" and the like
    std::array<wchar_t, longest_device + 1> device{};
    std::size_t length = 0;
    while (name != nullptr && length < longest_device && name[length] != L'\0' && name[length] != L'\\') {
        device[length] = name[length];
        ++length;
    }
    if (length == 0 || name[length] != L'\0') {
        return {};
    }
    // A drive is named with its colon, every other device without it (QueryDosDeviceW).
    if (length > 2 && device[length - 1] == L':') {
        device[length - 1] = L'\0';
    }
    if (QueryDosDeviceW(device.data(), target.data(), static_cast<DWORD>(target.size())) == 0) {
        return {};
    }
    target.back() = L'\0';
    return text_of(target.data());
}

DWORD notify(NOTIFYINFO& info, wire::Request& request) {
    const auto context = static_cast<std::uint64_t>(reinterpret_cast<ULONG_PTR>(info.lpContext));
    if (request.phase == wire::Phase::after) {
        request.status = info.dwOperationStatus;
        request.operation = context != 0 ? context : notifyee::next_operation();
        // The operation is over: there is nothing left to veto.
        (void)notifyee::deliver(request);
        return WN_SUCCESS;
    }
    const std::uint32_t operation = notifyee::next_operation();
    request.operation = operation;
    const DWORD verdict = notifyee::deliver(request);
    // Without a context there is no after-call; after a veto none is wanted.
    info.lpContext = verdict == WN_SUCCESS ? reinterpret_cast<LPVOID>(static_cast<ULONG_PTR>(operation)) : nullptr;
    return verdict;
}

} // namespace

extern "C" DWORD APIENTRY AddConnectNotify(LPNOTIFYINFO info, LPNOTIFYADD add) {
    const LastErrorKeeper keeper;
    if (info == nullptr || add == nullptr) {
        return WN_SUCCESS;
    }
    const std::optional<wire::Phase> phase = phase_of(info->dwNotifyStatus);
    if (!phase) {
        return WN_SUCCESS;
    }
    wire::Request request;
    request.action = wire::Action::connect;
    request.phase = *phase;
    request.flags = add->dwAddFlags;
    // Only these four are valid; the structure's other fields may hold anything (NOTIFYADD).
    request.resource_type = add->NetResource.dwType;
    request.local = text_of(add->NetResource.lpLocalName);
    request.remote = text_of(add->NetResource.lpRemoteName);
    request.provider = text_of(add->NetResource.lpProvider);
    return notify(*info, request);
}

extern "C" DWORD APIENTRY CancelConnectNotify(LPNOTIFYINFO info, LPNOTIFYCANCEL cancel) {
    const LastErrorKeeper keeper;
    if (info == nullptr || cancel == nullptr) {
        return WN_SUCCESS;
    }
    const std::optional<wire::Phase> phase = phase_of(info->dwNotifyStatus);
    if (!phase) {
        return WN_SUCCESS;
    }
    wire::Request request;
    request.action = wire::Action::disconnect;
    request.phase = *phase;
    request.flags = cancel->dwFlags;
    request.attributes = cancel->fForce ? wire::attribute::forced : 0;
    request.local = text_of(cancel->lpName);
    DeviceTarget target;
    if (*phase == wire::Phase::before) {
        request.device = target_of(cancel->lpName, target);
    } else if (info->dwOperationStatus == WN_SUCCESS) {
        // At any other time this pointer is undefined (NOTIFYCANCEL).
        request.provider = text_of(cancel->lpProvider);
    }
    return notify(*info, request);
}

/// Nothing is made here, under the loader lock. When the process ends, its handles end with it.
extern "C" BOOL WINAPI NotifyeeEntry(HINSTANCE, DWORD reason, LPVOID process_ends) {
    if (reason == DLL_PROCESS_DETACH && process_ends == nullptr) {
        notifyee::close_state();
    }
    return TRUE;
}
