#include "tests/unit/inbox_helpers.hpp"

#include <catch2/catch_test_macros.hpp>

#include <deque>
#include <random>
#include <stdexcept>
#include <thread>

using namespace maptrail;
using namespace maptrail::inbox_test;
using namespace std::chrono_literals;

TEST_CASE("inbox: what goes in comes out, in order, in two parts or one") {
    const Folder folder;
    auto inbox = Inbox::open(folder / "inbox", 64 * 1024);
    const auto record = make_record(1, 100);
    REQUIRE(inbox->append(record));
    REQUIRE(inbox->append(std::span(record).first(33), std::span(record).subspan(33)));
    REQUIRE(inbox->append({}));
    InboxRecords records;
    REQUIRE(inbox->read(10, 1000, records) == 3);
    CHECK(number_of(records[0]) == 1);
    CHECK(number_of(records[1]) == 1);
    CHECK(records[2].empty());
    CHECK(inbox->read(10, 1000, records) == 3); // reading frees nothing
    CHECK(inbox->counts().waiting == 3);
    inbox->release(2);
    CHECK(inbox->counts().waiting == 1);
    CHECK(inbox->read(10, 1000, records) == 1);
    CHECK_THROWS_AS(inbox->release(2), std::logic_error);
    inbox->release(1);
    CHECK(inbox->counts().used == 0);
    CHECK(inbox->read(10, 1000, records) == 0);
}

TEST_CASE("inbox: read keeps to its bounds") {
    const Folder folder;
    auto inbox = Inbox::open(folder / "inbox", 64 * 1024);
    for (std::uint64_t i = 0; i < 10; ++i) {
        REQUIRE(inbox->append(make_record(i, 100)));
    }
    InboxRecords records;
    CHECK(inbox->read(3, 100000, records) == 3);
    CHECK(inbox->read(100, 350, records) == 3);
    CHECK(inbox->read(100, 1, records) == 1); // one at least, or a large record would stop everything
}

TEST_CASE("inbox: goes round thousands of times with records of any size") {
    const Folder folder;
    std::mt19937 random(20240229);
    auto inbox = Inbox::open(folder / "inbox", 5 * 4096);
    std::deque<std::vector<std::byte>> wanted;
    InboxRecords records;
    std::uint64_t number = 0;
    std::uint64_t bytes = 0;
    bool good = true;
    while (bytes < 2000 * inbox->counts().capacity) {
        for (auto more = random() % 12; more > 0; --more) {
            auto record = make_record(number, random() % 3000);
            if (inbox->append(record)) {
                ++number;
                bytes += record.size();
                wanted.push_back(std::move(record));
            }
        }
        inbox->read(random() % 8, 8000, records);
        for (std::size_t i = 0; i < records.size(); ++i) {
            good = good && std::equal(records[i].begin(), records[i].end(), wanted[i].begin(), wanted[i].end());
        }
        const std::size_t release = records.empty() ? 0 : random() % (records.size() + 1);
        inbox->release(release);
        wanted.erase(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(release));
        if (random() % 500 == 0) {
            inbox.reset();
            inbox = Inbox::open(folder / "inbox", 5 * 4096);
            good = good && inbox->counts().recovered == wanted.size() && inbox->counts().damaged == 0 &&
                   !inbox->counts().rebuilt;
        }
        REQUIRE(good);
    }
    CHECK(inbox->counts().waiting == wanted.size());
}

TEST_CASE("inbox: a full one refuses and overwrites nothing") {
    const Folder folder;
    auto inbox = Inbox::open(folder / "inbox", 3 * 4096);
    std::vector<std::uint64_t> wanted;
    while (inbox->append(make_record(wanted.size(), 200))) {
        wanted.push_back(wanted.size());
    }
    CHECK(wanted.size() == 4096 / 232);
    CHECK_FALSE(inbox->append(make_record(99, 200)));
    CHECK(inbox->counts().refused == 2);
    CHECK(inbox->counts().appended == wanted.size());
    CHECK_FALSE(inbox->append(make_record(99, 100000)));
    InboxRecords records;
    REQUIRE(inbox->read(1, 1, records) == 1);
    inbox->release(1);
    CHECK(inbox->append(make_record(wanted.size(), 200))); // room for one again
    wanted.push_back(wanted.size());
    wanted.erase(wanted.begin());
    CHECK(drain(*inbox) == wanted);
}

TEST_CASE("inbox: can be filled to the last byte") {
    const Folder folder;
    auto inbox = Inbox::open(folder / "inbox", 3 * 4096);
    for (std::uint64_t i = 0; i < 4; ++i) {
        REQUIRE(inbox->append(make_record(i, 1024 - 32)));
    }
    CHECK(inbox->counts().used == inbox->counts().capacity);
    CHECK_FALSE(inbox->append({}));
    inbox.reset();
    inbox = Inbox::open(folder / "inbox", 3 * 4096);
    CHECK(drain(*inbox) == std::vector<std::uint64_t>{0, 1, 2, 3});
}

TEST_CASE("inbox: wait ends with a record, with wake, or with the time") {
    const Folder folder;
    auto inbox = Inbox::open(folder / "inbox", 64 * 1024);
    CHECK_FALSE(inbox->wait(5ms));
    bool appended = false; // read after the join: assertions are not for other threads
    std::thread appender([&] { appended = inbox->append(make_record(1, 10)); });
    CHECK(inbox->wait(10s));
    appender.join();
    CHECK(appended);
    drain(*inbox);
    std::thread waker([&] { inbox->wake(); });
    const auto start = std::chrono::steady_clock::now();
    CHECK_FALSE(inbox->wait(10s));
    CHECK(std::chrono::steady_clock::now() - start < 5s);
    waker.join();
    CHECK_FALSE(inbox->wait(5ms)); // a wake counts once
}

TEST_CASE("inbox: flush succeeds with and without something to flush") {
    const Folder folder;
    auto inbox = Inbox::open(folder / "inbox", 64 * 1024);
    CHECK(inbox->flush());
    REQUIRE(inbox->append(make_record(1, 10)));
    CHECK(inbox->flush());
    CHECK(inbox->flush());
}

TEST_CASE("inbox: eight threads append while one reads") {
    const Folder folder;
    auto inbox = Inbox::open(folder / "inbox", 64 * 1024);
    constexpr std::uint64_t threads = 8;
    constexpr std::uint64_t each = 2000;
    std::vector<std::thread> appenders;
    for (std::uint64_t thread = 0; thread < threads; ++thread) {
        appenders.emplace_back([&, thread] {
            for (std::uint64_t i = 0; i < each; ++i) {
                const auto record = make_record((thread << 32) + i, 16 + (i * 37) % 900);
                while (!inbox->append(record)) {
                    std::this_thread::yield();
                }
            }
        });
    }
    std::vector<std::uint64_t> next(threads);
    std::uint64_t total = 0;
    bool good = true;
    while (total < threads * each) {
        if (!inbox->wait(10s)) {
            break;
        }
        InboxRecords records;
        inbox->read(50, 20000, records);
        for (std::size_t i = 0; i < records.size(); ++i) {
            const std::uint64_t number = number_of(records[i]).value_or(~0ULL);
            const std::uint64_t thread = number >> 32;
            good = good && thread < threads && next[thread]++ == (number & 0xFFFFFFFFU);
        }
        total += records.size();
        inbox->release(records.size());
        REQUIRE(inbox->flush());
    }
    for (std::thread& appender : appenders) {
        appender.join();
    }
    CHECK(good);
    CHECK(total == threads * each);
    CHECK(inbox->counts().appended == threads * each);
    CHECK(inbox->counts().waiting == 0);
    CHECK(inbox->counts().damaged == 0);
}
