// What the DLL does when nobody answers: the spool, the policy, and how long it takes.
#include "tests/windows/installation.hpp"
#include "tests/windows/notifyee_host.hpp"

#include "common/win32/error.hpp"
#include "common/wire/frame.hpp"

#include <catch_amalgamated.hpp>

#include <sddl.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <set>
#include <thread>

using namespace maptrail;
using namespace maptrail::test;

namespace {

using Clock = std::chrono::steady_clock;

DWORD connect(const Notifyee& notifyee) {
    NOTIFYADD add = make_add(L"Z:", L"\\\\server\\share");
    NOTIFYINFO info = before();
    return notifyee.add(&info, &add);
}

/// 1, 2 ... count
std::vector<std::uint64_t> numbers(std::uint64_t count) {
    std::vector<std::uint64_t> result(static_cast<std::size_t>(count));
    std::iota(result.begin(), result.end(), std::uint64_t{1});
    return result;
}

wire::Policy with_budget(std::uint32_t budget_ms) {
    wire::Policy policy;
    policy.budget_ms = budget_ms;
    return policy;
}

std::wstring own_sid() {
    win32::Handle token;
    alignas(void*) std::array<std::byte, sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE> user{};
    DWORD size = 0;
    win32::LocalMemory<wchar_t> text;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, token.receive()) ||
        !GetTokenInformation(token.get(), TokenUser, user.data(), static_cast<DWORD>(user.size()), &size) ||
        !ConvertSidToStringSidW(reinterpret_cast<const TOKEN_USER*>(user.data())->User.Sid, text.receive())) {
        win32::throw_last_error("cannot ask for the own SID");
    }
    return text.get();
}

std::uint64_t own_start() {
    FILETIME created{};
    FILETIME unused{};
    GetProcessTimes(GetCurrentProcess(), &created, &unused, &unused, &unused);
    return (std::uint64_t{created.dwHighDateTime} << 32U) | created.dwLowDateTime;
}

} // namespace

TEST_CASE("where MapTrail is not installed, a call does nothing at all") {
    FakeService service(L"allow");
    const Notifyee notifyee;
    for (int i = 0; i < 10; ++i) {
        CHECK(connect(notifyee) == WN_SUCCESS);
    }
    CHECK(service.frames(0).empty());
}

TEST_CASE("a DLL that is loaded notices an installation and a removal") {
    FakeService service(L"allow");
    const Notifyee notifyee;
    connect(notifyee);
    {
        const Installation installation;
        Sleep(2'500);
        connect(notifyee);
        REQUIRE(service.frames(1).size() == 1);
    }
    Sleep(2'500);
    connect(notifyee);
    connect(notifyee);
    CHECK(service.frames(1).size() == 1);
}

TEST_CASE("without a service each notification lies in a spool file that says whose it is") {
    const Installation installation;
    const Notifyee notifyee;
    for (int i = 0; i < 50; ++i) {
        CHECK(connect(notifyee) == WN_SUCCESS);
    }
    const auto files = installation.spooled();
    REQUIRE(files.size() == 1);
    CHECK(files[0].sequences == numbers(50));
    CHECK(files[0].owner == own_sid());
    const wire::SpoolOrigin& origin = files[0].origin;
    CHECK(origin.process_id == GetCurrentProcessId());
    CHECK(origin.process_started == own_start());
    CHECK((origin.attributes & wire::spool_attribute::bits_64) ==
          (sizeof(void*) == 8 ? wire::spool_attribute::bits_64 : 0));
    CHECK(origin.path.ends_with(u"maptrail_notifyee_tests.exe"));
}

TEST_CASE("a full file is followed by a new one, and a process has a bound") {
    wire::Policy policy = Installation::patient();
    policy.spool_file_bytes = min_spool_file_bytes;
    policy.spool_process_bytes = 3 * min_spool_file_bytes;
    const Installation installation(policy);
    const Notifyee notifyee;
    constexpr std::uint64_t calls = 5'000; // far more than fit
    for (std::uint64_t i = 0; i < calls; ++i) {
        CHECK(connect(notifyee) == WN_SUCCESS);
    }
    const auto sequences = installation.spooled_sequences();
    CHECK(sequences == numbers(sequences.size())); // the first ones, without a hole
    CHECK(sequences.size() > 500);
    CHECK(sequences.size() < calls);
    const auto files = installation.spooled();
    CHECK(files.size() >= 3);
    std::uintmax_t all = 0;
    for (const Spooled& file : files) {
        CHECK(file.bytes.size() <= min_spool_file_bytes);
        all += file.bytes.size();
    }
    CHECK(all <= policy.spool_process_bytes + files.size() * wire::max_spool_header_size);

    // What was collected gives its room back.
    for (const Spooled& file : files) {
        Installation::claim(file.file);
    }
    connect(notifyee);
    connect(notifyee);
    const auto later = installation.spooled_sequences();
    CHECK(std::ranges::count(later, calls + 1) == 1);
    CHECK(std::ranges::count(later, calls + 2) == 1);
}

TEST_CASE("a frame that the service may have missed goes into a new file as well") {
    const Installation installation;
    const Notifyee notifyee;
    connect(notifyee);
    const auto first = installation.spooled();
    REQUIRE(first.size() == 1);
    Installation::claim(first[0].file);
    connect(notifyee);
    connect(notifyee);
    const auto files = installation.spooled();
    REQUIRE(files.size() == 2);
    CHECK(installation.spooled_sequences() == std::vector<std::uint64_t>{1, 2, 2, 3});
    const auto& second = files[0].file == first[0].file ? files[1] : files[0];
    CHECK(second.sequences == std::vector<std::uint64_t>{2, 3});
}

TEST_CASE("whatever the other end does wrong, the frame is in the spool") {
    const auto* mode = GENERATE(L"late:3000", L"garbage", L"short", L"hangup", L"full");
    FakeService service(mode);
    const Installation installation(with_budget(200));
    const Notifyee notifyee;
    for (int i = 0; i < 3; ++i) {
        CHECK(connect(notifyee) == WN_SUCCESS);
    }
    CHECK(installation.spooled_sequences() == numbers(3));
}

TEST_CASE("with a receipt there is no spool file") {
    FakeService service(L"allow");
    const Installation installation;
    const Notifyee notifyee;
    for (int i = 0; i < 3; ++i) {
        connect(notifyee);
    }
    CHECK(service.frames(3).size() == 3);
    CHECK(installation.spooled().empty());
}

TEST_CASE("a service that hangs costs one call its budget, not every call, and is found again when it answers") {
    constexpr int calls = 50;
    constexpr std::uint32_t budget_ms = 400;
    const Installation installation(with_budget(budget_ms));
    const Notifyee notifyee;
    {
        FakeService mute(L"mute");
        const auto start = Clock::now();
        for (int i = 0; i < calls; ++i) {
            connect(notifyee);
        }
        // Every second one call may try again; each call in vain would take 20 seconds.
        CHECK(Clock::now() - start < std::chrono::seconds(10));
        CHECK(installation.spooled_sequences() == numbers(calls));
    }
    FakeService service(L"allow");
    Sleep(1'500);
    connect(notifyee);
    CHECK(service.frames(1).size() == 1);
}

TEST_CASE("nobody answers: the administrator may have connections refused, never disconnections") {
    wire::Policy policy = Installation::patient();
    policy.no_answer = wire::NoAnswer::deny_connect;
    policy.denied_status = ERROR_ACCESS_DENIED;
    const Installation installation(policy);
    const Notifyee notifyee;
    NOTIFYADD add = make_add(L"Z:", L"\\\\server\\share");
    NOTIFYINFO info = before();
    CHECK(notifyee.add(&info, &add) == ERROR_ACCESS_DENIED);
    CHECK(info.lpContext == nullptr);
    NOTIFYINFO end = after(before(), WN_SUCCESS);
    CHECK(notifyee.add(&end, &add) == WN_SUCCESS);
    NOTIFYCANCEL cancel = make_cancel(L"Z:");
    info = before();
    CHECK(notifyee.cancel(&info, &cancel) == WN_SUCCESS);
    const auto files = installation.spooled();
    REQUIRE(files.size() == 1);
    REQUIRE(files[0].attributes.size() == 3);
    CHECK(files[0].attributes[0] == wire::attribute::denied_unrecorded);
    CHECK(files[0].attributes[1] == 0);
    CHECK((files[0].attributes[2] & wire::attribute::denied_unrecorded) == 0);

    FakeService service(L"allow");
    CHECK(connect(notifyee) == WN_SUCCESS); // somebody answers
    SECTION("also while the service refuses for want of room, its verdict counts") {
        service.kill();
        FakeService full(L"full");
        CHECK(connect(notifyee) == WN_SUCCESS);
        CHECK(installation.spooled_sequences().back() == 5);
    }
}

TEST_CASE("a page that is missing, damaged or half written leaves the defaults in force") {
    FakeService mute(L"mute");
    const Installation installation(with_budget(5'000));
    SECTION("missing") {
        std::filesystem::remove(installation.page());
    }
    SECTION("damaged") {
        std::filesystem::resize_file(installation.page(), 0);
        std::filesystem::resize_file(installation.page(), wire::policy_file_size);
    }
    SECTION("too short") {
        std::filesystem::resize_file(installation.page(), 40);
    }
    const Notifyee notifyee;
    const auto start = Clock::now();
    CHECK(connect(notifyee) == WN_SUCCESS);
    // The default is 50 ms, and the machine may be busy.
    CHECK(Clock::now() - start < std::chrono::seconds(2));
    CHECK(installation.spooled_sequences() == numbers(1));
}

TEST_CASE("the page's budget holds from the next call on") {
    FakeService mute(L"mute");
    const Installation installation(with_budget(50));
    const Notifyee notifyee;
    connect(notifyee);
    installation.publish(with_budget(1'000));
    Sleep(1'100); // the back-off
    const auto start = Clock::now();
    connect(notifyee);
    CHECK(Clock::now() - start >= std::chrono::milliseconds(700)); // a part of it is the spool's
}

TEST_CASE("without a folder to write to, calls succeed and their numbers tell of the loss") {
    const Installation installation;
    const Notifyee notifyee;
    std::filesystem::remove_all(installation.spool());
    for (int i = 0; i < 3; ++i) {
        CHECK(connect(notifyee) == WN_SUCCESS);
    }
    std::filesystem::create_directories(installation.spool());
    connect(notifyee);
    CHECK(installation.spooled_sequences() == std::vector<std::uint64_t>{4});
}

TEST_CASE("a thread that impersonates writes a file of its own") {
    const Installation installation;
    const Notifyee notifyee;
    connect(notifyee);
    bool impersonated = false;
    std::thread([&] {
        impersonated = ImpersonateSelf(SecurityImpersonation) != 0;
        connect(notifyee);
    }).join();
    REQUIRE(impersonated);
    connect(notifyee);
    const auto files = installation.spooled();
    REQUIRE(files.size() == 2);
    const auto& own = files[0].sequences.size() == 2 ? files[0] : files[1];
    const auto& other = files[0].sequences.size() == 2 ? files[1] : files[0];
    CHECK(own.sequences == std::vector<std::uint64_t>{1, 3});
    CHECK(other.sequences == std::vector<std::uint64_t>{2});
    CHECK(other.attributes[0] == wire::attribute::impersonating);
}

TEST_CASE("inside the service the DLL does nothing; a process that got its number later is no service") {
    FakeService service(L"allow");
    wire::Policy policy = Installation::patient();
    policy.service_id = GetCurrentProcessId();
    policy.service_started = own_start();
    const Installation installation(policy);
    const Notifyee notifyee;
    connect(notifyee);
    CHECK(service.frames(0).empty());
    CHECK(installation.spooled().empty());

    policy.service_started -= 1;
    installation.publish(policy);
    connect(notifyee);
    // The one that listens is another process than the page's service: it is told nothing.
    CHECK(service.frames(0).empty());
    CHECK(installation.spooled_sequences() == numbers(1));
}

TEST_CASE("calls of many threads are all in the spool, each once") {
    const Installation installation;
    const Notifyee notifyee;
    constexpr int threads = 24;
    constexpr int calls = 40;
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < threads; ++i) {
            callers.emplace_back([&] {
                for (int call = 0; call < calls; ++call) {
                    connect(notifyee);
                }
            });
        }
    }
    const auto found = installation.spooled_sequences();
    CHECK(found.size() == threads * calls);
    CHECK(std::ranges::includes(found, numbers(threads * calls)));
}
