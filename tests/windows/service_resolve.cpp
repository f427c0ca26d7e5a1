#include "service/resolve/host_lookup.hpp"
#include "service/rules/remote_name.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>
#include <chrono>

using namespace maptrail;
using namespace std::chrono_literals;

TEST_CASE("Names are looked up as the machine is set up to", "[resolve]") {
    HostLookup hosts;
    const auto addresses = hosts.addresses_of("LOCALHOST");
    REQUIRE_FALSE(addresses.empty());
    CHECK(std::ranges::all_of(addresses, [](const rules::Address& address) {
        return address == rules::address_of("127.0.0.1") || address == rules::address_of("::1");
    }));
    CHECK(hosts.addresses_of("no-such-host.invalid").empty());
    CHECK(hosts.addresses_of(std::string("localhost\0x", 11)).empty());
    CHECK(hosts.addresses_of(std::string(255, 'x')).empty());
}

TEST_CASE("A look-up ends in its time, and at once when all are cancelled", "[resolve]") {
    HostLookup hosts(1s);
    const auto begun = std::chrono::steady_clock::now();
    (void)hosts.addresses_of("no-such-host-either.invalid");
    CHECK(std::chrono::steady_clock::now() - begun < 3s);
    hosts.cancel();
    CHECK(hosts.addresses_of("localhost").empty());
}
