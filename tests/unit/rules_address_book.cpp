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
using rules::WantedNames;
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

using Names = std::vector<std::string>;

struct BookFixture {
    AddressBook::Clock::time_point time{};
    AddressBook book{[this] { return time; }};
    std::vector<Address> one{address("10.0.0.1")};

    BookFixture() { book.set_in_use(true); }

    /// All that is to be looked up, if there is room for one name more. It is not looked up again meanwhile.
    Names wanted() {
        const std::string last = "LAST " + std::to_string(++calls_); // so that next() never waits
        (void)book.find(last);
        Names names;
        std::string name;
        while (book.next(name) && name != last) {
            names.push_back(name);
        }
        return names;
    }

private:
    int calls_ = 0;
};

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

TEST_CASE_METHOD(BookFixture, "a name that is asked for is wanted once, and known once it was learned", "[rules]") {
    CHECK_FALSE(book.find(""));
    CHECK_FALSE(book.find("NAS"));
    CHECK_FALSE(book.find("NAS"));
    CHECK_FALSE(book.find("OTHER"));
    CHECK(wanted() == Names{"NAS", "OTHER"});
    CHECK_FALSE(book.find("NAS")); // is being looked up
    CHECK(wanted().empty());
    book.learn("NAS", std::vector{address("10.0.0.1"), address("8.8.8.8")});
    CHECK(book.find("NAS") == address("8.8.8.8"));
    CHECK_FALSE(book.find("NAS2"));
    CHECK(wanted() == Names{"NAS2"});
}

TEST_CASE_METHOD(BookFixture, "an address is wanted afresh when it is asked for after ten minutes", "[rules]") {
    book.learn("NAS", one);
    time += 10min - 1s;
    CHECK(book.find("NAS") == one[0]);
    CHECK(wanted().empty());
    time += 1s;
    CHECK(wanted().empty());
    CHECK(book.find("NAS") == one[0]);
    CHECK(book.find("NAS") == one[0]);
    CHECK(wanted() == Names{"NAS"});
    book.learn("NAS", {}); // nobody answers: what was known is used for the rest of the hour
    CHECK(book.find("NAS") == one[0]);
    CHECK(wanted().empty());
    time += 1min;
    CHECK(book.find("NAS") == one[0]);
    CHECK(wanted() == Names{"NAS"});
    time += 49min;
    CHECK_FALSE(book.find("NAS"));
    CHECK(wanted() == Names{"NAS"});
    book.learn("NAS", one);
    CHECK(book.find("NAS") == one[0]);
}

TEST_CASE_METHOD(BookFixture, "a name that was not found is wanted again after a minute", "[rules]") {
    CHECK_FALSE(book.find("GONE"));
    CHECK(wanted() == Names{"GONE"});
    time += 5s;
    book.learn("GONE", {});
    time += 59s;
    CHECK_FALSE(book.find("GONE"));
    CHECK(wanted().empty());
    time += 1s;
    CHECK_FALSE(book.find("GONE"));
    CHECK(wanted() == Names{"GONE"});
}

TEST_CASE_METHOD(BookFixture, "nothing is known or wanted while no rule asks for addresses", "[rules]") {
    CHECK_FALSE(book.find("OTHER"));
    book.learn("NAS", one);
    book.set_in_use(false);
    CHECK_FALSE(book.find("NAS"));
    CHECK_FALSE(book.find("NEW"));
    book.set_in_use(true);
    CHECK(wanted().empty());
    CHECK(book.find("NAS") == one[0]);
}

TEST_CASE_METHOD(BookFixture, "an address book is bounded, and who is not asked for makes room", "[rules]") {
    constexpr int names = 20'000;
    const auto name_of = [](int i) { return "SERVER" + std::to_string(i); };
    for (int i = 0; i < names; ++i) {
        time += 1ms;
        book.learn(name_of(i), one);
        REQUIRE(book.find(name_of(i)));
        REQUIRE(book.find(name_of(0)));
    }
    int known = 0;
    int newest = 0;
    for (int i = 1; i < names; ++i) {
        const bool found = book.find(name_of(i)).has_value();
        known += found ? 1 : 0;
        newest += found && i >= names / 2 ? 1 : 0;
    }
    CHECK(known < static_cast<int>(AddressBook::most_names));
    CHECK(known > static_cast<int>(AddressBook::most_names) * 9 / 10);
    CHECK(newest > known * 9 / 10);
}

TEST_CASE_METHOD(BookFixture, "names that nobody knows push out none that are known, but for one where they meet",
                 "[rules]") {
    constexpr int names = 1'000;
    for (int i = 0; i < names; ++i) {
        book.learn("SERVER" + std::to_string(i), one);
    }
    const auto known = [this] {
        int count = 0;
        for (int i = 0; i < names; ++i) {
            count += book.find("SERVER" + std::to_string(i)) ? 1 : 0;
        }
        return count;
    };
    const int before = known();
    for (int i = 0; i < 50'000; ++i) {
        time += 1ms;
        book.learn("NOBODY" + std::to_string(i), {});
    }
    CHECK(known() > before * 9 / 10);
}

TEST_CASE_METHOD(BookFixture, "so many names are wanted at a time, and none that no name server takes", "[rules]") {
    CHECK_FALSE(book.find(std::string(WantedNames::longest + 1, 'X')));
    CHECK_FALSE(book.find(std::string(WantedNames::longest, 'Y')));
    for (std::size_t i = 0; i < 2 * WantedNames::most; ++i) {
        CHECK_FALSE(book.find("SERVER" + std::to_string(i)));
    }
    Names names(WantedNames::most);
    for (std::string& name : names) {
        REQUIRE(book.next(name));
    }
    CHECK(names.front() == std::string(WantedNames::longest, 'Y'));
    CHECK(names.back() == "SERVER" + std::to_string(WantedNames::most - 2));
    CHECK_FALSE(book.find("LATER"));
    CHECK(wanted() == Names{"LATER"});
}

TEST_CASE_METHOD(BookFixture, "a learned address is the server's, but not against what its name says", "[rules]") {
    const std::vector learned{address("192.0.2.1")};
    book.learn("NAS", learned);
    book.learn("10.0.0.1", learned);
    rules::SubjectBuffer buffer(&book);
    CHECK(judged_address(buffer, u"\\\\nas\\x") == learned.front());
    CHECK(judged_address(buffer, u"\\\\nas@SSL@443\\DavWWWRoot\\x") == learned.front());
    CHECK(judged_address(buffer, u"\\\\10.0.0.1\\x") == address("10.0.0.1"));
    CHECK(wanted().empty());
    CHECK_FALSE(judged_address(buffer, u"\\\\other\\x"));
    CHECK(wanted() == Names{"OTHER"});
}
