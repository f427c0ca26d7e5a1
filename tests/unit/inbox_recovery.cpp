#include "service/inbox/layout.hpp"
#include "tests/unit/inbox_helpers.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <numeric>

using namespace maptrail;
using namespace maptrail::inbox_test;
using maptrail::inbox::page_size;

namespace {

constexpr std::uint64_t small = 3 * page_size;

/// An inbox with a turn behind it and five records in it that go over the end of the ring.
std::vector<char> used_inbox(const Folder& folder) {
    auto inbox = Inbox::open(folder / "inbox", small);
    for (std::uint64_t i = 0; i < 12; ++i) {
        REQUIRE(inbox->append(make_record(100 + i, 270)));
    }
    drain(*inbox);
    for (std::uint64_t i = 0; i < 5; ++i) {
        REQUIRE(inbox->append(make_record(i, 90 + 11 * i)));
    }
    inbox.reset();
    return read_file(folder / "inbox");
}

/// The stamps, head, tail, and the page of records, of which the last turn fills a part.
bool means_something(std::size_t at) {
    const std::size_t in_page = at % page_size;
    return (at / page_size == 1 && (in_page >= 3648 || in_page < 288)) || in_page < 40 ||
           (at < page_size && ((in_page >= 512 && in_page < 528) || (in_page >= 1024 && in_page < 1040)));
}

void remove_quarantine(const Folder& folder) {
    for (int i = 1; i < 100; ++i) {
        std::filesystem::remove(folder / ("inbox.quarantine-" + std::to_string(i)).c_str());
    }
}

} // namespace

TEST_CASE("inbox: reopened, it has what was not released") {
    const Folder folder;
    used_inbox(folder);
    auto inbox = Inbox::open(folder / "inbox", small);
    CHECK(inbox->counts().recovered == 5);
    CHECK(inbox->counts().damaged == 0);
    CHECK_FALSE(inbox->counts().rebuilt);
    CHECK(drain(*inbox) == std::vector<std::uint64_t>{0, 1, 2, 3, 4});
}

TEST_CASE("inbox: whatever byte is flipped, the records that it does not touch are there") {
    const Folder folder;
    const std::vector<char> before = used_inbox(folder);
    REQUIRE(before.size() == small);
    std::size_t hit = 0;
    for (std::size_t at = 0; at < before.size(); ++at) {
        if (!means_something(at) && at % 257 != 0) {
            continue; // reopening two inboxes for each byte of padding is slow, and one of many will do
        }
        remove_quarantine(folder);
        std::vector<char> bytes = before;
        bytes[at] = static_cast<char>(~bytes[at]);
        write_file(folder / "inbox", bytes);
        auto inbox = Inbox::open(folder / "inbox", small);
        const std::uint64_t damaged = inbox->counts().damaged;
        const std::vector<std::uint64_t> found = drain(*inbox);
        INFO("flipped byte " << at);
        // Records that were released before may come again where the header was hit; one of the last five may miss.
        std::vector<std::uint64_t> last;
        std::ranges::copy_if(found, std::back_inserter(last), [](std::uint64_t n) { return n < 5; });
        REQUIRE(std::ranges::is_sorted(last));
        REQUIRE(std::ranges::adjacent_find(last) == last.end());
        REQUIRE(std::ranges::count(found, ~0ULL) == 0);
        REQUIRE(last.size() + damaged == 5);
        REQUIRE(damaged <= 1);
        REQUIRE(std::filesystem::exists(folder / "inbox.quarantine-1") == (damaged == 1));
        hit += damaged;
        // It works on, and what was skipped is skipped for good.
        REQUIRE(inbox->append(make_record(7, 500)));
        inbox.reset();
        inbox = Inbox::open(folder / "inbox", small);
        REQUIRE(inbox->counts().damaged == 0);
        REQUIRE(drain(*inbox) == std::vector<std::uint64_t>{7});
    }
    CHECK(hit == 5 * sizeof(inbox::RecordHeader) + 90 + 101 + 112 + 123 + 134);
}

TEST_CASE("inbox: damage is met once, and kept byte for byte") {
    const Folder folder;
    {
        auto inbox = Inbox::open(folder / "inbox", small);
        for (std::uint64_t i = 0; i < 3; ++i) {
            REQUIRE(inbox->append(make_record(i, 96)));
        }
    }
    std::vector<char> bytes = read_file(folder / "inbox");
    const std::size_t second = page_size + 128;
    bytes[second + 40] = static_cast<char>(~bytes[second + 40]);
    write_file(folder / "inbox", bytes);
    CHECK(Inbox::open(folder / "inbox", small)->counts().damaged == 1);
    auto inbox = Inbox::open(folder / "inbox", small);
    CHECK(inbox->counts().damaged == 0);
    CHECK(inbox->counts().recovered == 2);
    CHECK(drain(*inbox) == std::vector<std::uint64_t>{0, 2});
    CHECK(inbox->counts().used == 0);
    const std::vector<char> kept = read_file(folder / "inbox.quarantine-1");
    REQUIRE(kept.size() == 16 + 128);
    CHECK(std::equal(kept.begin() + 16, kept.end(), bytes.begin() + static_cast<std::ptrdiff_t>(second)));
    CHECK_FALSE(std::filesystem::exists(folder / "inbox.quarantine-2"));
}

TEST_CASE("inbox: the whole header page may be lost") {
    const Folder folder;
    std::vector<char> bytes = used_inbox(folder);
    const char fill = GENERATE('\0', '\xFF', 'x');
    std::fill_n(bytes.begin(), page_size, fill);
    write_file(folder / "inbox", bytes);
    auto inbox = Inbox::open(folder / "inbox", small);
    CHECK(inbox->counts().rebuilt);
    CHECK(drain(*inbox) ==
          std::vector<std::uint64_t>{0, 1, 2, 3, 4}); // the newest record knew that the rest was released
}

TEST_CASE("inbox: a header that is older than the records does not hide them") {
    const Folder folder;
    auto inbox = Inbox::open(folder / "inbox", small);
    REQUIRE(inbox->append(make_record(0, 100)));
    const std::vector<char> old = read_file(folder / "inbox");
    REQUIRE(inbox->append(make_record(1, 100)));
    REQUIRE(inbox->append(make_record(2, 100)));
    inbox.reset();
    std::vector<char> bytes = read_file(folder / "inbox");
    std::copy_n(old.begin(), page_size, bytes.begin());
    write_file(folder / "inbox", bytes);
    inbox = Inbox::open(folder / "inbox", small);
    CHECK(drain(*inbox) == std::vector<std::uint64_t>{0, 1, 2});
}

TEST_CASE("inbox: records that never reached the disk are counted, those around them come") {
    const Folder folder;
    {
        auto inbox = Inbox::open(folder / "inbox", 8 * page_size);
        for (std::uint64_t i = 0; i < 20; ++i) {
            REQUIRE(inbox->append(make_record(i, 1024 - 32)));
        }
    }
    std::vector<char> bytes = read_file(folder / "inbox");
    std::fill_n(bytes.begin() + 3 * page_size, page_size, '\0'); // records 8 to 11
    write_file(folder / "inbox", bytes);
    auto inbox = Inbox::open(folder / "inbox", 8 * page_size);
    CHECK(inbox->counts().damaged == 1);
    std::vector<std::uint64_t> wanted(20);
    std::iota(wanted.begin(), wanted.end(), 0U);
    wanted.erase(wanted.begin() + 8, wanted.begin() + 12);
    CHECK(drain(*inbox) == wanted);
}

TEST_CASE("inbox: a record made up inside of a payload is not believed") {
    const Folder folder;
    {
        auto inbox = Inbox::open(folder / "inbox", small);
        REQUIRE(inbox->append(make_record(0, 96)));
    }
    // A copy of a true record of another inbox, with the position at which it will lie.
    const Folder other;
    std::vector<std::byte> forged(128);
    {
        auto inbox = Inbox::open(other / "inbox", small);
        REQUIRE(inbox->append(std::vector<std::byte>(128)));
        REQUIRE(inbox->append(std::vector<std::byte>(0)));
        REQUIRE(inbox->append(make_record(666, 96)));
        inbox.reset();
        const std::vector<char> bytes = read_file(other / "inbox");
        std::memcpy(forged.data(), bytes.data() + page_size + 192, forged.size());
    }
    {
        auto inbox = Inbox::open(folder / "inbox", small);
        std::vector<std::byte> payload(32); // from 160 to 192
        payload.insert(payload.end(), forged.begin(), forged.end());
        REQUIRE(inbox->append(payload));
    }
    std::vector<char> bytes = read_file(folder / "inbox");
    bytes[page_size + 128] = static_cast<char>(~bytes[page_size + 128]); // the record around it is damaged
    write_file(folder / "inbox", bytes);
    auto inbox = Inbox::open(folder / "inbox", small);
    CHECK(inbox->counts().damaged == 1);
    CHECK(drain(*inbox) == std::vector<std::uint64_t>{0});
}

TEST_CASE("inbox: a file that was cut off gives what is left of it") {
    const Folder folder;
    {
        auto inbox = Inbox::open(folder / "inbox", 8 * page_size);
        for (std::uint64_t i = 0; i < 20; ++i) {
            REQUIRE(inbox->append(make_record(i, 1024 - 32)));
        }
    }
    std::filesystem::resize_file(folder / "inbox", 3 * page_size + 100);
    auto inbox = Inbox::open(folder / "inbox", 8 * page_size);
    CHECK(inbox->counts().damaged == 1);
    CHECK(drain(*inbox) == std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6, 7});
    CHECK(inbox->append(make_record(1, 1000)));
}

TEST_CASE("inbox: a file that is none is put aside") {
    const Folder folder;
    const std::vector<char> strange(20000, 'x');
    write_file(folder / "inbox", strange);
    auto inbox = Inbox::open(folder / "inbox", small);
    CHECK(inbox->counts().damaged == 1);
    CHECK(inbox->counts().not_kept == 0);
    CHECK(read_file(folder / "inbox.quarantine-1") == strange);
    CHECK(inbox->append(make_record(1, 100)));
}

TEST_CASE("inbox: an empty file is a new inbox") {
    const Folder folder;
    write_file(folder / "inbox", {});
    auto inbox = Inbox::open(folder / "inbox", small);
    CHECK(inbox->counts().damaged == 0);
    CHECK(inbox->append(make_record(1, 100)));
}

TEST_CASE("inbox: another size takes effect when it is empty") {
    const Folder folder;
    used_inbox(folder);
    {
        auto inbox = Inbox::open(folder / "inbox", 10 * page_size);
        CHECK(inbox->counts().capacity == page_size);
        CHECK(drain(*inbox).size() == 5);
    }
    auto inbox = Inbox::open(folder / "inbox", 10 * page_size);
    CHECK(inbox->counts().capacity == 8 * page_size);
    CHECK(inbox->counts().damaged == 0);
    inbox.reset();
    CHECK(Inbox::open(folder / "inbox", small)->counts().capacity == page_size);
}

TEST_CASE("inbox: what cannot be opened is said with its name") {
    const Folder folder;
    CHECK_THROWS_AS(Inbox::open(folder / "inbox", 100), InboxError);
    CHECK_THROWS_AS(Inbox::open(folder / "inbox", 1ULL << 40), InboxError);
    try {
        (void)Inbox::open(folder / "nowhere" / "inbox", small);
        FAIL("an inbox in a folder that is not there");
    } catch (const InboxError& error) {
        CHECK(std::string(error.what()).find("nowhere") != std::string::npos);
    }
}
