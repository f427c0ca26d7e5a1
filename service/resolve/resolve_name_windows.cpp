#include "service/resolve/resolve_name.hpp"

#include "service/text/utf.hpp"

#include <winsock2.h>
#include <ws2tcpip.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>

namespace maptrail {
namespace {

constexpr std::size_t most_addresses = 64; ///< of one server

/// Winsock, as long as it lives.
class Winsock {
public:
    Winsock() : started_(WSAStartup(MAKEWORD(2, 2), &data_) == 0) {}
    Winsock(const Winsock&) = delete;
    Winsock& operator=(const Winsock&) = delete;
    ~Winsock() {
        if (started_) {
            WSACleanup();
        }
    }
    [[nodiscard]] bool started() const { return started_; }

private:
    WSADATA data_{};
    bool started_;
};

struct FreeAddresses {
    void operator()(ADDRINFOW* list) const noexcept { FreeAddrInfoW(list); }
};

bool read_address(const ADDRINFOW& info, rules::Address& address) {
    if (info.ai_family == AF_INET6 && info.ai_addrlen >= sizeof(sockaddr_in6)) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, info.ai_addr, sizeof v6);
        std::memcpy(address.data(), &v6.sin6_addr, address.size());
        return true;
    }
    if (info.ai_family == AF_INET && info.ai_addrlen >= sizeof(sockaddr_in)) {
        sockaddr_in v4{};
        std::memcpy(&v4, info.ai_addr, sizeof v4);
        address = {};
        address[10] = address[11] = 0xFF;
        std::memcpy(address.data() + 12, &v4.sin_addr, 4);
        return true;
    }
    return false;
}

} // namespace

std::vector<rules::Address> resolve_name(const std::string& server) {
    const Winsock winsock;
    ADDRINFOW hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    ADDRINFOW* found = nullptr;
    const std::u16string name = to_utf16(server);
    if (!winsock.started() ||
        GetAddrInfoW(reinterpret_cast<const wchar_t*>(name.c_str()), nullptr, &hints, &found) != 0) {
        return {};
    }
    const std::unique_ptr<ADDRINFOW, FreeAddresses> list(found);
    std::vector<rules::Address> addresses;
    for (const ADDRINFOW* one = list.get(); one != nullptr && addresses.size() < most_addresses; one = one->ai_next) {
        if (rules::Address address{}; read_address(*one, address)) {
            addresses.push_back(address);
        }
    }
    return addresses;
}

} // namespace maptrail
