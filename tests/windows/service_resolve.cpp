#include "service/resolve/resolve_name.hpp"
#include "service/rules/remote_name.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>

using namespace maptrail;

TEST_CASE("the system's own name has a loopback address, and a made-up name none") {
    const auto addresses = resolve_name("LOCALHOST");
    REQUIRE_FALSE(addresses.empty());
    const auto is = [&](const char* text) {
        return std::ranges::count(addresses, rules::address_of(text).value()) != 0;
    };
    CHECK((is("127.0.0.1") || is("::1")));
    CHECK(resolve_name("no-such-server.invalid").empty());
}
