// The DLL and a stand-in for the service that answers well, badly, late or not at all.
#include "tests/windows/installation.hpp"
#include "tests/windows/notifyee_host.hpp"

#include "common/wire/frame.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

using namespace maptrail::test;
using maptrail::wire::attribute::forced;
using maptrail::wire::attribute::impersonating;

namespace {

/// The default budget of 50 ms, with ample room for a busy machine; far below what a call without a budget would take.
constexpr auto patience = std::chrono::seconds(2);

/// Which token the thread has; zeros if it has none.
LUID thread_token_id() {
    maptrail::win32::Handle token;
    TOKEN_STATISTICS statistics{};
    DWORD size = 0;
    if (OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, token.receive())) {
        GetTokenInformation(token.get(), TokenStatistics, &statistics, sizeof statistics, &size);
    }
    return statistics.TokenId;
}

struct Called {
    DWORD answer;
    NOTIFYINFO info;
    std::chrono::steady_clock::duration took;
};

Called timed_connect(const Notifyee& notifyee) {
    NOTIFYADD add = make_add(L"Z:", L"\\\\server\\share");
    NOTIFYINFO info = before();
    const auto start = std::chrono::steady_clock::now();
    const DWORD answer = notifyee.add(&info, &add);
    return {answer, info, std::chrono::steady_clock::now() - start};
}

} // namespace

TEST_CASE("a connect reaches the service as two frames of one operation") {
    const Installation installation;
    FakeService service(L"allow");
    const Notifyee notifyee;
    NOTIFYADD add = make_add(L"Z:", L"\\\\server\\share", L"Test Network");
    NOTIFYINFO info = before();
    REQUIRE(notifyee.add(&info, &add) == WN_SUCCESS);
    REQUIRE(info.lpContext != nullptr);
    NOTIFYINFO end = after(info, ERROR_BAD_NETPATH);
    REQUIRE(notifyee.add(&end, &add) == WN_SUCCESS);

    const auto frames = service.frames(2);
    REQUIRE(frames.size() == 2);
    const auto& first = frames[0];
    const auto& second = frames[1];
    CHECK(first["error"] == "none");
    CHECK(first["action"] == 1);
    CHECK(first["phase"] == 1);
    CHECK(first["sequence"] == 1);
    CHECK(first["flags"] == CONNECT_UPDATE_PROFILE);
    CHECK(first["type"] == RESOURCETYPE_DISK);
    CHECK(text(first["local"]) == L"Z:");
    CHECK(text(first["remote"]) == L"\\\\server\\share");
    CHECK(text(first["provider"]) == L"Test Network");
    CHECK(first["pid"] == GetCurrentProcessId());
    CHECK(first["operation"] == static_cast<std::uint64_t>(reinterpret_cast<ULONG_PTR>(info.lpContext)));
    CHECK(second["phase"] == 2);
    CHECK(second["sequence"] == 2);
    CHECK(second["status"] == ERROR_BAD_NETPATH);
    CHECK(second["operation"] == first["operation"]);
    CHECK(second["producer"] == first["producer"]);
    CHECK(second["connection"] == first["connection"]);
    CHECK(second["ticks"] >= first["ticks"]);
}

TEST_CASE("a disconnect tells what the drive pointed at, and the provider once it is defined") {
    const Installation installation;
    FakeService service(L"allow");
    const Notifyee notifyee;
    std::array<wchar_t, 1024> target{};
    REQUIRE(QueryDosDeviceW(L"C:", target.data(), static_cast<DWORD>(target.size())) != 0);

    NOTIFYCANCEL cancel = make_cancel(L"C:");
    NOTIFYINFO info = before();
    REQUIRE(notifyee.cancel(&info, &cancel) == WN_SUCCESS);
    NOTIFYINFO end = after(info, WN_SUCCESS);
    cancel.lpProvider = const_cast<wchar_t*>(L"Test Network");
    REQUIRE(notifyee.cancel(&end, &cancel) == WN_SUCCESS);

    const auto frames = service.frames(2);
    REQUIRE(frames.size() == 2);
    CHECK(frames[0]["action"] == 2);
    CHECK(frames[0]["attributes"] == forced);
    CHECK(text(frames[0]["local"]) == L"C:");
    CHECK(text(frames[0]["remote"]).empty());
    CHECK(text(frames[0]["device"]) == target.data());
    CHECK(text(frames[0]["provider"]).empty());
    CHECK(text(frames[1]["provider"]) == L"Test Network");
}

TEST_CASE("names arrive unit for unit, and the longest are cut with their length told") {
    const Installation installation;
    FakeService service(L"allow");
    const Notifyee notifyee;
    const std::wstring odd = {L'\\', L'\\', static_cast<wchar_t>(0xD800), L'\\', static_cast<wchar_t>(0xDC00)};
    const std::wstring longest(32'767, L'x');
    for (const std::wstring& name : {odd, longest}) {
        NOTIFYADD add = make_add(L"Z:", name.c_str());
        NOTIFYINFO info = before();
        REQUIRE(notifyee.add(&info, &add) == WN_SUCCESS);
    }
    const auto frames = service.frames(2);
    REQUIRE(frames.size() == 2);
    CHECK(text(frames[0]["remote"]) == odd);
    CHECK(text(frames[1]["remote"]) == longest.substr(0, maptrail::wire::max_remote_units));
    CHECK(frames[1]["remoteFull"] == 32'767);
}

TEST_CASE("a veto reaches the router, and no after-call is asked for") {
    const Installation installation;
    FakeService service(L"veto:1223");
    const Notifyee notifyee;
    const Called called = timed_connect(notifyee);
    CHECK(called.answer == WN_CANCEL);
    CHECK(called.info.lpContext == nullptr);
}

TEST_CASE("whatever the other end does wrong, the call succeeds in time") {
    const auto* mode = GENERATE(L"mute", L"late:3000", L"garbage", L"short", L"hangup", L"full");
    FakeService service(mode);
    const Installation installation{maptrail::wire::Policy{}};
    const Notifyee notifyee;
    for (int i = 0; i < 3; ++i) {
        SetLastError(0x2BADCAFE);
        const Called called = timed_connect(notifyee);
        CHECK(GetLastError() == 0x2BADCAFE);
        CHECK(called.answer == WN_SUCCESS);
        CHECK(called.info.lpContext != nullptr);
        CHECK(called.took < patience);
    }
}

TEST_CASE("a service that does not answer costs the budget, no less and hardly more") {
    FakeService service(L"mute");
    const Installation installation{maptrail::wire::Policy{}};
    const Notifyee notifyee;
    auto least = std::chrono::steady_clock::duration::max();
    for (int i = 0; i < 5; ++i) {
        least = std::min(least, timed_connect(notifyee).took);
        Sleep(1'100); // the back-off after a budget spent in vain
    }
    // Of several calls the least: what a busy machine adds is not the DLL's. A fifth of the 50 ms is the spool's.
    CHECK(least >= std::chrono::milliseconds(35));
    CHECK(least < std::chrono::milliseconds(75));
}

TEST_CASE("a late answer is never taken for the next call's") {
    FakeService service(L"late:150");
    const Installation installation{maptrail::wire::Policy{}};
    const Notifyee notifyee;
    for (int i = 0; i < 3; ++i) {
        CHECK(timed_connect(notifyee).answer == WN_SUCCESS);
        Sleep(1'200); // the back-off after a budget spent in vain
    }
    std::set<int> connections;
    for (const auto& frame : service.frames(3)) {
        connections.insert(frame["connection"].get<int>());
    }
    CHECK(connections.size() == 3);
}

TEST_CASE("a service that was killed and started again gets the very next call") {
    const Installation installation;
    const Notifyee notifyee;
    auto service = std::make_unique<FakeService>(L"allow");
    timed_connect(notifyee);
    REQUIRE(service->frames(1).size() == 1);
    service->kill();
    CHECK(timed_connect(notifyee).answer == WN_SUCCESS);
    service = std::make_unique<FakeService>(L"allow");
    CHECK(timed_connect(notifyee).answer == WN_SUCCESS);
    const auto frames = service->frames(1);
    REQUIRE(frames.size() == 1);
    CHECK(frames[0]["sequence"] == 3);
}

TEST_CASE("a kept connection survives a restart between two calls") {
    const Installation installation;
    const Notifyee notifyee;
    auto service = std::make_unique<FakeService>(L"allow");
    timed_connect(notifyee);
    service->kill();
    service = std::make_unique<FakeService>(L"allow");
    timed_connect(notifyee);
    CHECK(service->frames(1).size() == 1);
}

TEST_CASE("calls of many threads arrive each once, over connections that are kept") {
    const Installation installation;
    FakeService service(L"allow");
    const Notifyee notifyee;
    timed_connect(notifyee);
    constexpr int threads = 24;
    constexpr int calls = 40;
    constexpr int all = threads * calls + 1;
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < threads; ++i) {
            callers.emplace_back([&] {
                for (int call = 0; call < calls; ++call) {
                    timed_connect(notifyee);
                }
            });
        }
    }
    const auto frames = service.frames(all);
    REQUIRE(frames.size() == all);
    std::set<std::uint64_t> sequences;
    std::set<std::uint64_t> operations;
    for (const auto& frame : frames) {
        CHECK(frame["error"] == "none");
        sequences.insert(frame["sequence"].get<std::uint64_t>());
        operations.insert(frame["operation"].get<std::uint64_t>());
    }
    CHECK(sequences.size() == all);
    CHECK(*sequences.rbegin() == all);
    CHECK(operations.size() == all);
    std::set<int> connections;
    for (const auto& frame : frames) {
        connections.insert(frame["connection"].get<int>());
    }
    CHECK(connections.size() < all / 2);
}

TEST_CASE("a thread that impersonates has a connection of its own, and keeps its token") {
    const Installation installation;
    FakeService service(L"allow");
    const Notifyee notifyee;
    timed_connect(notifyee);
    bool impersonated = false;
    bool kept_token = false;
    std::thread([&] {
        impersonated = ImpersonateSelf(SecurityImpersonation) != 0;
        const LUID token_before = thread_token_id();
        timed_connect(notifyee);
        timed_connect(notifyee);
        const LUID token_after = thread_token_id();
        kept_token = token_before.LowPart != 0 && token_before.LowPart == token_after.LowPart &&
                     token_before.HighPart == token_after.HighPart;
        RevertToSelf();
        timed_connect(notifyee);
    }).join();
    REQUIRE(impersonated);
    CHECK(kept_token);
    timed_connect(notifyee);

    const auto frames = service.frames(5);
    REQUIRE(frames.size() == 5);
    const auto own = frames[0]["connection"].get<int>();
    CHECK(frames[1]["connection"] != own);
    CHECK(frames[1]["attributes"] == impersonating);
    CHECK(frames[2]["connection"] != own);
    CHECK(frames[2]["connection"] != frames[1]["connection"]);
    CHECK(frames[3]["connection"] == own);
    CHECK(frames[3]["attributes"] == 0);
    CHECK(frames[4]["connection"] == own);
}
