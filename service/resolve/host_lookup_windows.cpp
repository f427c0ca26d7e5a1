#include "service/resolve/host_lookup.hpp"

#include "common/win32/error.hpp"
#include "service/text/utf.hpp"

#include <winsock2.h>
#include <ws2tcpip.h>

#include <array>
#include <cstring>
#include <memory>
#include <optional>

#ifdef __MINGW32__
// Its library has them, and its header does not.
extern "C" {
WINSOCK_API_LINKAGE INT WSAAPI GetAddrInfoExCancel(LPHANDLE handle);
WINSOCK_API_LINKAGE INT WSAAPI GetAddrInfoExOverlappedResult(LPOVERLAPPED overlapped);
}
#endif

namespace maptrail {

namespace {

constexpr int most_abandoned = 16; ///< each keeps some memory and perhaps a thread of Windows'
constexpr std::size_t most_addresses = 64;
constexpr DWORD cancelling_takes_ms = 500;

std::optional<rules::Address> address_of_socket(const sockaddr* address, std::size_t size) {
    rules::Address found{};
    if (address != nullptr && address->sa_family == AF_INET && size >= sizeof(sockaddr_in)) {
        sockaddr_in v4{};
        std::memcpy(&v4, address, sizeof v4);
        found[10] = found[11] = 0xFF;
        std::memcpy(found.data() + 12, &v4.sin_addr, 4);
        return found;
    }
    if (address != nullptr && address->sa_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, address, sizeof v6);
        std::memcpy(found.data(), &v6.sin6_addr, found.size());
        return found;
    }
    return std::nullopt;
}

} // namespace

/// Windows writes to it until the look-up has ended.
struct HostLookup::Query {
    std::u16string host;
    ADDRINFOEXW hints{};
    ADDRINFOEXW* result = nullptr;
    OVERLAPPED overlapped{};
    HANDLE cancel = nullptr;
    win32::Handle ended;

    Query() = default;
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    ~Query() {
        if (result != nullptr) {
            FreeAddrInfoExW(result);
        }
    }
};

HostLookup::HostLookup(std::chrono::milliseconds longest)
    : longest_(longest), cancelled_(CreateEventW(nullptr, TRUE, FALSE, nullptr)) {
    if (!cancelled_) {
        win32::throw_last_error("cannot make an event for looking up names");
    }
}

HostLookup::~HostLookup() {
    if (winsock_ && abandoned_ == 0) {
        WSACleanup();
    }
}

void HostLookup::cancel() noexcept {
    SetEvent(cancelled_.get());
}

bool HostLookup::start_winsock() {
    const std::scoped_lock lock(mutex_);
    WSADATA data{};
    winsock_ = winsock_ || WSAStartup(MAKEWORD(2, 2), &data) == 0;
    return winsock_;
}

/// False: it goes on, although it was cancelled.
bool HostLookup::wait_for(Query& query) {
    const std::array<HANDLE, 2> either{query.ended.get(), cancelled_.get()};
    const DWORD first = WaitForMultipleObjects(static_cast<DWORD>(either.size()), either.data(), FALSE,
                                               static_cast<DWORD>(longest_.count()));
    if (first == WAIT_OBJECT_0) {
        return true;
    }
    GetAddrInfoExCancel(&query.cancel); // fails if it has just ended
    return WaitForSingleObject(query.ended.get(), cancelling_takes_ms) == WAIT_OBJECT_0;
}

std::vector<rules::Address> HostLookup::addresses_of(const std::string& host) {
    if (WaitForSingleObject(cancelled_.get(), 0) == WAIT_OBJECT_0 || abandoned_ >= most_abandoned ||
        host.find('\0') != std::string::npos || !start_winsock()) {
        return {};
    }
    auto query = std::make_unique<Query>();
    query->host = to_utf16(host);
    query->hints.ai_family = AF_UNSPEC;
    query->hints.ai_socktype = SOCK_STREAM; // else each address comes once for each type
    query->ended = win32::Handle(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    if (!query->ended) {
        return {};
    }
    query->overlapped.hEvent = query->ended.get();
    int error = GetAddrInfoExW(reinterpret_cast<const wchar_t*>(query->host.c_str()), nullptr, NS_ALL, nullptr,
                               &query->hints, &query->result, nullptr, &query->overlapped, nullptr, &query->cancel);
    if (error == WSA_IO_PENDING) {
        if (!wait_for(*query)) {
            ++abandoned_;
            (void)query.release(); // it is Windows' now
            return {};
        }
        error = GetAddrInfoExOverlappedResult(&query->overlapped);
    }
    std::vector<rules::Address> addresses;
    if (error != NO_ERROR) {
        return addresses;
    }
    // In mingw-w64's header the next one is of a type that it spells in another way.
    for (const ADDRINFOEXW* one = query->result; one != nullptr && addresses.size() < most_addresses;
         one = reinterpret_cast<const ADDRINFOEXW*>(one->ai_next)) {
        if (const auto address = address_of_socket(one->ai_addr, one->ai_addrlen)) {
            addresses.push_back(*address);
        }
    }
    return addresses;
}

} // namespace maptrail
