// Who is called when: before and after, who is left out, what a veto does.
#include "tests/callers/call.hpp"
#include "tests/callers/slowest.hpp"
#include "tests/router/listeners.hpp"

#include <catch_amalgamated.hpp>

#include <windows.h>

#include <winnetwk.h>

#include <algorithm>
#include <array>
#include <map>
#include <thread>

namespace {

using namespace maptrail::test;
using nlohmann::json;

DWORD connect(const wchar_t* local, const wchar_t* remote) {
    Call call;
    call.local = local;
    call.remote = remote;
    return make(call).status;
}

DWORD disconnect(const wchar_t* name) {
    Call call;
    call.function = Function::cancel2;
    call.remote = name;
    return make(call).status;
}

bool has_drive(const wchar_t* drive) {
    std::array<wchar_t, 1024> target{};
    return QueryDosDeviceW(drive, target.data(), static_cast<DWORD>(target.size())) != 0;
}

/// The probes in the order in which the router asks them: the registry's, which is not the tests' to know.
std::vector<std::string> asked_order() {
    std::vector<std::string> probes;
    for (const std::string& call : Listeners::order()) {
        if (call[1] == '1') {
            probes.push_back(call.substr(0, 1));
        }
    }
    return probes;
}

} // namespace

TEST_CASE("Every registered notifyee is called before, and after in the reverse order", "[router]") {
    const Listeners listeners;
    REQUIRE(connect(L"R:", L"\\\\server\\share") == NO_ERROR);
    const std::vector<std::string> asked = asked_order();
    std::vector<std::string> sorted = asked;
    std::ranges::sort(sorted);
    REQUIRE(sorted == std::vector<std::string>{"a", "b", "c"});
    const std::vector<std::string> expected = {asked[0] + "1", asked[1] + "1", asked[2] + "1",
                                               asked[2] + "2", asked[1] + "2", asked[0] + "2"};
    CHECK(Listeners::order() == expected);
    CHECK(has_drive(L"R:"));
    REQUIRE(disconnect(L"R:") == NO_ERROR);
    CHECK_FALSE(has_drive(L"R:"));
    CHECK(Listeners::order().size() == 12);
}

TEST_CASE("Each call begins with no context, and each after-call has the context of its own before-call", "[router]") {
    const Listeners listeners;
    REQUIRE(connect(L"R:", L"\\\\server\\share") == NO_ERROR);
    REQUIRE(disconnect(L"R:") == NO_ERROR);
    std::map<std::string, unsigned> left;
    for (const json& call : Listeners::calls()) {
        const auto probe = call.at("probe").get<std::string>();
        if (call.at("notify") == 1) {
            CHECK(call.at("context") == 0);
            CHECK(call.at("operation") == WN_SUCCESS);
            left[probe] = call.at("left").get<unsigned>();
        } else {
            CHECK(call.at("context") == left[probe]);
        }
    }
}

TEST_CASE("Who leaves no context is not called after", "[router]") {
    const Listeners listeners;
    listeners.tell("b", "context", 0);
    REQUIRE(connect(L"R:", L"\\\\server\\share") == NO_ERROR);
    REQUIRE(disconnect(L"R:") == NO_ERROR);
    const std::vector<std::string> order = Listeners::order();
    CHECK(std::ranges::count(order, "b1") == 2);
    CHECK(std::ranges::count(order, "b2") == 0);
    CHECK(std::ranges::count(order, "a2") == 2);
    CHECK(std::ranges::count(order, "c2") == 2);
}

TEST_CASE("A veto reaches the caller and the operation is not attempted", "[router]") {
    const Listeners listeners;
    const DWORD code = GENERATE(DWORD{WN_CANCEL}, DWORD{WN_ACCESS_DENIED});
    REQUIRE(connect(L"S:", L"\\\\server\\other") == NO_ERROR);
    const std::vector<std::string> asked = asked_order();
    REQUIRE(asked.size() == 3);
    const Listeners fresh;
    fresh.tell(asked[1], "add", code);
    fresh.tell(asked[1], "cancel", code);

    CHECK(connect(L"R:", L"\\\\server\\share") == code);
    CHECK(GetLastError() == code);
    CHECK_FALSE(has_drive(L"R:"));
    const std::vector<std::string> expected = {asked[0] + "1", asked[1] + "1", asked[0] + "2"};
    CHECK(Listeners::order() == expected);
    CHECK(Listeners::calls().back().at("operation") == code);

    CHECK(disconnect(L"S:") == code);
    CHECK(has_drive(L"S:"));
    CHECK(Listeners::order().size() == 6);

    fresh.tell(asked[1], "cancel", WN_SUCCESS);
    CHECK(disconnect(L"S:") == NO_ERROR);
}

TEST_CASE("What is answered after the operation changes nothing", "[router]") {
    const Listeners listeners;
    listeners.tell("a", "after", WN_CANCEL);
    CHECK(connect(L"R:", L"\\\\server\\share") == NO_ERROR);
    CHECK(Listeners::order().size() == 6);
    CHECK(disconnect(L"R:") == NO_ERROR);
}

TEST_CASE("Parameters that are refused up front lead to no call", "[router]") {
    const Listeners listeners;
    CHECK(WNetAddConnection2W(nullptr, nullptr, nullptr, 0) == ERROR_INVALID_PARAMETER);
    CHECK(WNetAddConnection2A(nullptr, nullptr, nullptr, 0) == ERROR_INVALID_PARAMETER);
    CHECK(connect(L"R:", L"") == ERROR_BAD_NET_NAME);
    CHECK(connect(L"Drive", L"\\\\server\\share") == ERROR_BAD_DEVICE);
    CHECK(GetLastError() == ERROR_BAD_DEVICE);
    CHECK(WNetCancelConnection2W(nullptr, 0, FALSE) == ERROR_INVALID_PARAMETER);
    CHECK(Listeners::order().empty());
}

TEST_CASE("A program can ask how long the parts of its last call took", "[router]") {
    const Listeners listeners;
    REQUIRE(connect(L"R:", L"\\\\delay-1000\\share") == NO_ERROR);
    const auto slow = parts_of_last_call();
    REQUIRE(slow);
    CHECK(slow->before < 995'000); // the provider's delay is no part of the notifications
    CHECK(slow->after < 995'000);
    CHECK(slow->operation >= 995'000);
    CHECK(slow->before > 0);
    CHECK(slow->after > 0);
    std::thread([] { CHECK(parts_of_last_call().value().operation == 0); }).join();

    REQUIRE(disconnect(L"R:") == NO_ERROR);
    CHECK(parts_of_last_call()->operation < slow->operation);
    CHECK(parts_of_last_call()->before > 0);
    CHECK(parts_of_last_call()->after > 0);

    REQUIRE(connect(L"R:", L"") == ERROR_BAD_NET_NAME);
    CHECK(parts_of_last_call()->before == 0);
    CHECK(parts_of_last_call()->operation == 0);
    CHECK(parts_of_last_call()->after == 0);
}

TEST_CASE("Threads do not get each other's contexts", "[router]") {
    const Listeners listeners;
    constexpr unsigned threads = 6;
    constexpr unsigned rounds = 5;
    {
        std::vector<std::jthread> running;
        for (unsigned thread = 0; thread < threads; ++thread) {
            running.emplace_back([thread] {
                const std::wstring remote = L"\\\\server\\thread-" + std::to_wstring(thread);
                for (unsigned round = 0; round < rounds; ++round) {
                    connect(L"", remote.c_str());
                    disconnect(remote.c_str());
                }
            });
        }
    }
    std::map<std::pair<std::string, unsigned>, json> before;
    unsigned pairs = 0;
    for (const json& call : Listeners::calls()) {
        const auto probe = call.at("probe").get<std::string>();
        if (call.at("notify") == 1) {
            before[{probe, call.at("left").get<unsigned>()}] = call;
            continue;
        }
        const json& first = before.at({probe, call.at("context").get<unsigned>()});
        CHECK(first.at("thread") == call.at("thread"));
        CHECK(first.at("call") == call.at("call"));
        CHECK(first.value("remote", "") == call.value("remote", ""));
        CHECK(call.at("operation") == NO_ERROR);
        ++pairs;
    }
    CHECK(pairs == 3 * threads * rounds * 2);
}
