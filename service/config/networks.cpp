#include "service/config/networks.hpp"

#include "service/rules/address_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>

namespace maptrail::config {
namespace {

using rules::Network;
using Bytes = std::array<std::uint8_t, 16>;

constexpr std::uint8_t all_bits = 128;
constexpr std::uint8_t v4_bits = 96; ///< of ::ffff:0:0/96, which IPv4 addresses lie in

/// Decimal digits alone; none before it that is 0.
std::optional<std::uint32_t> number(std::string_view text, std::uint32_t most) {
    std::uint32_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    const bool octal = text.size() > 1 && text.front() == '0';
    return octal || error != std::errc{} || rest != end || value > most ? std::nullopt : std::optional(value);
}

Bytes cut(Bytes address, std::uint8_t bits) {
    for (std::size_t i = 0; i < address.size(); ++i) {
        const int kept = std::clamp(bits - static_cast<int>(i) * 8, 0, 8);
        address.at(i) = static_cast<std::uint8_t>(address.at(i) & (0xFF00U >> static_cast<unsigned>(kept)));
    }
    return address;
}

bool is_in(const Network& inner, const Network& outer) {
    return inner.bits >= outer.bits && cut(inner.address, outer.bits) == outer.address;
}

/// Appends what of `whole` is in none of the others.
void append_rest(const Network& whole, const std::vector<Network>& others, std::vector<Network>& rest) {
    if (std::ranges::any_of(others, [&](const Network& other) { return is_in(whole, other); })) {
        return;
    }
    if (std::ranges::none_of(others, [&](const Network& other) { return is_in(other, whole); })) {
        rest.push_back(whole);
        return;
    }
    Network half{whole.address, static_cast<std::uint8_t>(whole.bits + 1)};
    append_rest(half, others, rest);
    auto& byte = half.address.at(whole.bits / 8U);
    byte = static_cast<std::uint8_t>(byte | (0x80U >> (whole.bits % 8U)));
    append_rest(half, others, rest);
}

std::vector<Network> parsed(std::initializer_list<std::string_view> texts) {
    std::vector<Network> networks;
    for (const std::string_view text : texts) {
        networks.push_back(parse_network(text).value());
    }
    return networks;
}

using WordNetworks = std::map<std::string_view, std::vector<Network>>;

WordNetworks make_word_networks() {
    WordNetworks words{
        {"loopback", parsed({"127.0.0.0/8", "::1"})},
        {"linkLocal", parsed({"169.254.0.0/16", "fe80::/10"})},
        {"private", parsed({"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"})}};
    std::vector<Network> others;
    for (const auto& [word, networks] : words) {
        others.insert(others.end(), networks.begin(), networks.end());
    }
    append_rest(Network{}, others, words["public"]);
    return words;
}

} // namespace

const std::vector<Network>* networks_of(std::string_view word) {
    static const WordNetworks words = make_word_networks();
    const auto found = words.find(word);
    return found == words.end() ? nullptr : &found->second;
}

std::optional<Network> parse_network(std::string_view text) {
    const std::size_t slash = text.find('/');
    const std::string_view address = text.substr(0, slash);
    Network network;
    const bool v4 = address.find(':') == std::string_view::npos;
    const auto parsed = v4 ? rules::ipv4_of_text(address) : rules::ipv6_of_text(address);
    if (!parsed) {
        return std::nullopt;
    }
    network.address = *parsed;
    network.bits = all_bits;
    if (slash != std::string_view::npos) {
        const unsigned above = v4 ? v4_bits : 0;
        const auto bits = number(text.substr(slash + 1), all_bits - above);
        if (!bits) {
            return std::nullopt;
        }
        network.bits = static_cast<std::uint8_t>(*bits + above);
    }
    network.address = cut(network.address, network.bits);
    return network;
}

std::string network_text(const Network& network) {
    const Bytes& bytes = network.address;
    const bool v4 = network.bits >= v4_bits && bytes.at(10) == 0xFF && bytes.at(11) == 0xFF &&
                    std::all_of(bytes.begin(), bytes.begin() + 10, [](std::uint8_t byte) { return byte == 0; });
    std::string text;
    if (v4) {
        for (std::size_t i = 12; i < bytes.size(); ++i) {
            text += (text.empty() ? "" : ".") + std::to_string(bytes.at(i));
        }
    } else {
        // Zeros to the end, which is all that a network's address has to be cut by, are "::".
        std::size_t groups = 8;
        while (groups > 0 && bytes.at(2 * groups - 1) == 0 && bytes.at(2 * groups - 2) == 0) {
            --groups;
        }
        for (std::size_t i = 0; i < groups; ++i) {
            std::array<char, 4> digits{};
            const unsigned value = bytes.at(2 * i) * 256U + bytes.at(2 * i + 1);
            const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
            text += (i == 0 ? "" : ":") + std::string(digits.data(), end);
        }
        text += groups == 8 ? "" : groups == 7 ? ":0" : "::";
    }
    if (network.bits != all_bits) {
        text += "/" + std::to_string(v4 ? network.bits - v4_bits : network.bits);
    }
    return text;
}

} // namespace maptrail::config
