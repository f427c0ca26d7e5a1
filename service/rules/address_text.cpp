#include "service/rules/address_text.hpp"

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#endif

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

namespace maptrail::rules {

std::optional<Address> ipv4_of_text(std::string_view text) {
    Address address{};
    address[10] = 0xFF;
    address[11] = 0xFF;
    for (std::size_t i = 12; i < address.size(); ++i) {
        const std::string_view digits = text.substr(0, std::min(text.find('.'), text.size()));
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), address[i]);
        const bool octal = digits.size() > 1 && digits.front() == '0'; // to some; so it is no address to us
        if (error != std::errc() || end != digits.data() + digits.size() || octal) {
            return std::nullopt;
        }
        text.remove_prefix(digits.size());
        if (text.empty() != (i + 1 == address.size())) {
            return std::nullopt;
        }
        text.remove_prefix(text.empty() ? 0 : 1);
    }
    return address;
}

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
