// A process that is killed at any moment. Windows' counterpart runs the whole service.
#ifndef _WIN32

#include "tests/unit/inbox_helpers.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>
#include <random>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using namespace maptrail;
using namespace maptrail::inbox_test;

namespace {

/// Appends until it is killed. After each append it writes the number down the pipe: that is its receipt.
[[noreturn]] void append_for_ever(const std::filesystem::path& file, int receipts, std::uint64_t number) {
    auto inbox = Inbox::open(file, 1 << 20);
    while (true) {
        if (inbox->append(make_record(number, 8 + number % 700))) {
            if (::write(receipts, &number, sizeof(number)) != sizeof(number)) {
                ::_exit(2);
            }
            ++number;
        }
    }
}

} // namespace

TEST_CASE("inbox: a kill loses nothing that had its receipt, and leaves no half record") {
    const Folder folder;
    std::mt19937 random(7);
    std::uint64_t first = 0;
    std::uint64_t received_in_all = 0;
    for (int round = 0; round < 60; ++round) {
        int ends[2] = {};
        REQUIRE(::pipe(ends) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            ::close(ends[0]);
            append_for_ever(folder / "inbox", ends[1], first);
        }
        ::close(ends[1]);
        std::uint64_t receipts = 0;
        std::uint64_t number = 0;
        // The first receipt says that it is at work; from then on any moment is a moment to die.
        REQUIRE(::read(ends[0], &number, sizeof(number)) == sizeof(number));
        receipts = 1;
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
        REQUIRE(::kill(child, SIGKILL) == 0);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        while (::read(ends[0], &number, sizeof(number)) == sizeof(number)) {
            ++receipts;
        }
        ::close(ends[0]);

        auto inbox = Inbox::open(folder / "inbox", 1 << 20);
        CHECK(inbox->counts().damaged == 0);
        const std::vector<std::uint64_t> found = drain(*inbox);
        REQUIRE(found.size() >= receipts);
        REQUIRE(found.size() <= receipts + 1); // the last may have been stored without its receipt
        for (std::size_t i = 0; i < found.size(); ++i) {
            REQUIRE(found[i] == first + i);
        }
        first += found.size();
        received_in_all += receipts;
    }
    CHECK(received_in_all > 60);
}

TEST_CASE("inbox: one process has it") {
    const Folder folder;
    int ends[2] = {};
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        append_for_ever(folder / "inbox", ends[1], 0);
    }
    std::uint64_t number = 0;
    REQUIRE(::read(ends[0], &number, sizeof(number)) == sizeof(number));
    CHECK_THROWS_AS(Inbox::open(folder / "inbox", 1 << 20), InboxError);
    REQUIRE(::kill(child, SIGKILL) == 0);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    ::close(ends[0]);
    ::close(ends[1]);
    CHECK(Inbox::open(folder / "inbox", 1 << 20)->counts().recovered > 0);
}

#endif
