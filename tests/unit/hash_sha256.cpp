#include "service/hash/sha256.hpp"
#include "service/text/hex.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;

TEST_CASE("SHA-256 of known texts, one after the other with one hasher", "[hash]") {
    Sha256Hasher hasher;
    for (int round = 0; round < 2; ++round) {
        CHECK(hex_bytes(hasher(std::string_view())) ==
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        CHECK(hex_bytes(hasher("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        CHECK(hex_bytes(hasher(std::string(1'000'000, 'a'))) ==
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
    CHECK(sha256("abc") == hasher("abc"));
}

TEST_CASE("Hexadecimal digits are read as they are written", "[hash]") {
    const Sha256 hash = sha256("abc");
    Sha256 read{};
    CHECK(read_hex(hex_bytes(hash), read));
    CHECK(read == hash);
    CHECK_FALSE(read_hex("ba78", read));
    CHECK_FALSE(read_hex(std::string(64, 'g'), read));
}
