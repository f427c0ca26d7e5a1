#include "service/rules/address_book.hpp"

#include "service/rules/remote_name.hpp"
#include "service/rules/subject_buffer.hpp"

#include <catch_amalgamated.hpp>

#include <chrono>
#include <initializer_list>
#include <string>
#include <vector>

using namespace maptrail;
using rules::Address;
using rules::AddressBook;
using namespace std::chrono_literals;

namespace {

Address address(std::string_view text) {
    return rules::address_of(text).value();
}

Address farthest(std::initializer_list<std::string_view> texts) {
    std::vector<Address> addresses;
    for (const std::string_view text : texts) {
        addresses.push_back(address(text));
    }
    return rules::farthest(addresses);
}

std::optional<Address> judged_address(rules::SubjectBuffer& buffer, std::u16string_view remote) {
    wire::Request request;
    request.remote.view = remote;
    return buffer.fill(request, Source::pipe, Identity(), ClientProcess(), nullptr, {}).address;
}

} // namespace

TEST_CASE("of several addresses the farthest counts", "[rules]") {
    CHECK(farthest({"127.0.0.1"}) == address("127.0.0.1"));
    CHECK(farthest({"127.0.0.1", "169.254.1.1"}) == address("169.254.1.1"));
    CHECK(farthest({"10.0.0.1", "192.168.0.1", "fe80::1"}) == address("10.0.0.1")); // the first of those equally far
    CHECK(farthest({"10.0.0.1", "8.8.8.8", "192.168.0.1"}) == address("8.8.8.8"));
    CHECK(farthest({"::1", "fd00::1", "fe80::1"}) == address("fd00:0:0:0:0:0:0:1"));
    CHECK(farthest({"172.31.0.1", "172.32.0.1"}) == address("172.32.0.1"));
    CHECK(farthest({"100.64.0.1", "100.128.0.1"}) == address("100.128.0.1"));
    CHECK(farthest({"::1", "::2"}) == address("0:0:0:0:0:0:0:2"));
}

TEST_CASE("a learned address is known until it expires", "[rules]") {
    AddressBook book;
    const auto later = AddressBook::Clock::now() + 1h;
    const std::vector one{address("10.0.0.1")};
    const std::vector two{address("10.0.0.1"), address("8.8.8.8")};
    CHECK_FALSE(book.find("NAS"));
    CHECK_FALSE(book.find(""));
    book.learn("NAS", one, later);
    CHECK(book.find("NAS") == address("10.0.0.1"));
    CHECK_FALSE(book.find("NAS2"));
    book.learn("NAS", two, later);
    CHECK(book.find("NAS") == address("8.8.8.8"));
    book.learn("OLD", one, AddressBook::Clock::now());
    CHECK_FALSE(book.find("OLD"));
    book.learn("NAS", {}, later);
    CHECK_FALSE(book.find("NAS"));
}

TEST_CASE("an address book is bounded, and what expires first makes room", "[rules]") {
    AddressBook book;
    const auto start = AddressBook::Clock::now() + 1h;
    const std::vector one{address("10.0.0.1")};
    constexpr int names = 10'000;
    for (int i = 0; i < names; ++i) {
        book.learn("SERVER" + std::to_string(i), one, start + std::chrono::seconds(i));
    }
    int known = 0;
    int newest = 0;
    for (int i = 0; i < names; ++i) {
        const bool found = book.find("SERVER" + std::to_string(i)).has_value();
        known += found ? 1 : 0;
        newest += found && i >= names / 2 ? 1 : 0;
    }
    CHECK(known <= 1'024);
    CHECK(known > 500);
    CHECK(newest == known);
}

TEST_CASE("a learned address is the server's, but not against what its name says", "[rules]") {
    AddressBook book;
    const std::vector learned{address("192.0.2.1")};
    book.learn("NAS", learned, AddressBook::Clock::now() + 1h);
    book.learn("10.0.0.1", learned, AddressBook::Clock::now() + 1h);
    rules::SubjectBuffer buffer(&book);
    CHECK(judged_address(buffer, u"\\\\nas\\x") == learned.front());
    CHECK(judged_address(buffer, u"\\\\10.0.0.1\\x") == address("10.0.0.1"));
    CHECK_FALSE(judged_address(buffer, u"\\\\other\\x"));
}
