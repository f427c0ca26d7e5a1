#include "service/rules/ipv6_text.hpp"

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#endif

#include <algorithm>
#include <array>

namespace maptrail::rules {

// inet_pton needs no WSAStartup: it only looks at the text.
std::optional<Address> ipv6_of_text(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    Address address{};
    if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos) {
        return std::nullopt;
    }
    std::ranges::copy(text, terminated.begin());
    return inet_pton(AF_INET6, terminated.data(), address.data()) == 1 ? std::optional(address) : std::nullopt;
}

} // namespace maptrail::rules
