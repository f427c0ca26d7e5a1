#include "service/config/networks.hpp"
#include "service/config/sid_text.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>

using namespace maptrail;
using config::network_text;
using config::networks_of;
using config::parse_network;

namespace {

bool network_holds(const rules::Network& network, const rules::Network& address) {
    for (unsigned bit = 0; bit < network.bits; ++bit) {
        const unsigned mask = 0x80U >> (bit % 8U);
        if (((network.address.at(bit / 8U) ^ address.address.at(bit / 8U)) & mask) != 0) {
            return false;
        }
    }
    return true;
}

/// The classes that the address is in, each once for each of its networks.
std::string classes_of(const std::string& text) {
    const auto address = parse_network(text);
    REQUIRE(address);
    std::string found;
    for (const char* const word : {"loopback", "linkLocal", "private", "public"}) {
        for (const rules::Network& network : *networks_of(word)) {
            found += network_holds(network, *address) ? word : "";
        }
    }
    return found;
}

std::string network_round_trip(const std::string& text) {
    const auto network = parse_network(text);
    return network ? network_text(*network) : "none";
}

} // namespace

TEST_CASE("networks: every address is in exactly one class, on both sides of each border") {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"126.255.255.255", "public"},
        {"127.0.0.0", "loopback"},
        {"127.255.255.255", "loopback"},
        {"128.0.0.0", "public"},
        {"169.253.255.255", "public"},
        {"169.254.0.0", "linkLocal"},
        {"169.254.255.255", "linkLocal"},
        {"169.255.0.0", "public"},
        {"9.255.255.255", "public"},
        {"10.0.0.0", "private"},
        {"10.255.255.255", "private"},
        {"11.0.0.0", "public"},
        {"172.15.255.255", "public"},
        {"172.16.0.0", "private"},
        {"172.31.255.255", "private"},
        {"172.32.0.0", "public"},
        {"192.167.255.255", "public"},
        {"192.168.0.0", "private"},
        {"192.168.255.255", "private"},
        {"192.169.0.0", "public"},
        {"100.63.255.255", "public"},
        {"100.64.0.0", "private"},
        {"100.127.255.255", "private"},
        {"100.128.0.0", "public"},
        {"0.0.0.0", "public"},
        {"255.255.255.255", "public"},
        {"8.8.8.8", "public"},
        {"::", "public"},
        {"::1", "loopback"},
        {"::2", "public"},
        {"::ffff:10.1.2.3", "private"},
        {"::ffff:7f00:1", "loopback"},
        {"::fffe:7f00:1", "public"},
        {"fe7f:ffff::", "public"},
        {"fe80::", "linkLocal"},
        {"febf:ffff::1", "linkLocal"},
        {"fec0::1", "public"},
        {"fbff::1", "public"},
        {"fc00::", "private"},
        {"fdff:ffff::1", "private"},
        {"fe00::", "public"},
        {"2001:db8::1", "public"},
        {"64:ff9b::10.0.0.1", "public"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "public"},
    };
    for (const auto& [address, expected] : cases) {
        INFO(address);
        CHECK(classes_of(address) == expected);
    }
}

TEST_CASE("networks: those of the public addresses are in order and apart, and not too many to look through") {
    const auto& networks = *networks_of("public");
    CHECK(std::ranges::is_sorted(networks, {}, &rules::Network::address));
    CHECK(networks.size() < 300);
    CHECK(networks_of("Public") == nullptr);
    CHECK(networks_of("") == nullptr);
}

TEST_CASE("networks: texts are read, and written as short as they need be") {
    CHECK(network_round_trip("10.0.0.0/8") == "10.0.0.0/8");
    CHECK(network_round_trip("10.1.2.3/8") == "10.0.0.0/8");
    CHECK(network_round_trip("10.1.2.3") == "10.1.2.3");
    CHECK(network_round_trip("10.1.2.3/32") == "10.1.2.3");
    CHECK(network_round_trip("0.0.0.0/0") == "0.0.0.0/0");
    CHECK(network_round_trip("::/0") == "::/0");
    CHECK(network_round_trip("::") == "::");
    CHECK(network_round_trip("FD00::/8") == "fd00::/8");
    CHECK(network_round_trip("fdff::/8") == "fd00::/8");
    CHECK(network_round_trip("1:2:3:4:5:6:7::") == "1:2:3:4:5:6:7:0");
    CHECK(network_round_trip("1:2:3:4:5:6:1.2.3.4") == "1:2:3:4:5:6:102:304");
    CHECK(network_round_trip("::ffff:1.2.3.4/120") == "1.2.3.0/24");
    CHECK(network_round_trip("::1") == "0:0:0:0:0:0:0:1");
}

TEST_CASE("networks: what is no address is none") {
    for (const char* const text : {"",
                                   "/",
                                   "/8",
                                   "1",
                                   "1.2.3",
                                   "1.2.3.4.5",
                                   "1.2.3.",
                                   ".1.2.3",
                                   "1..2.3",
                                   "1.2.3.256",
                                   "01.2.3.4",
                                   "1.2.3.4/",
                                   "1.2.3.4/33",
                                   "1.2.3.4/08",
                                   "1.2.3.4/-1",
                                   "1.2.3.4/+1",
                                   "1.2.3.4/8/8",
                                   " 1.2.3.4",
                                   "1.2.3.4 ",
                                   "0x1.2.3.4",
                                   ":",
                                   ":::",
                                   "1:2:3:4:5:6:7",
                                   "1:2:3:4:5:6:7:8:9",
                                   "1:2:3:4:5:6:7:8::",
                                   "::1:2:3:4:5:6:7:8",
                                   "1::2::3",
                                   "12345::",
                                   "g::",
                                   "::1%3",
                                   "[::1]",
                                   "1:",
                                   ":1",
                                   "::1:",
                                   "::1.2.3",
                                   "1.2.3.4::",
                                   "::1.2.3.4:5",
                                   "::/129",
                                   "1:2:3:4:5:6:7:1.2.3.4",
                                   "fd00::/ 8"}) {
        INFO(text);
        CHECK_FALSE(parse_network(text));
    }
}

TEST_CASE("SIDs are checked as far as their form goes") {
    for (const char* const good : {"S-1-5-18", "S-1-0-0", "S-1-5-21-1-2-4294967295-500", "S-1-281474976710655-1",
                                   "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15"}) {
        INFO(good);
        CHECK(config::is_sid(good));
        CHECK(config::is_sid_pattern(good));
    }
    for (const char* const bad :
         {"", "S", "S-1-", "S-1-5", "S-1-5-", "S-1--5", "S-1-5-18-", "S-2-5-18", "s-1-5-18", "S-1-5-0x12",
          "S-1-5-4294967296", "S-1-281474976710656-1", "S-1-5-18 ", "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16"}) {
        INFO(bad);
        CHECK_FALSE(config::is_sid(bad));
        CHECK_FALSE(config::is_sid_pattern(bad));
    }
    CHECK(config::is_sid_pattern("S-1-5-21-*-50?"));
    CHECK_FALSE(config::is_sid_pattern("*"));
    CHECK_FALSE(config::is_sid_pattern("S-1-5-x*"));
}
