// What a host may do to the DLL while there is no service.
#include "tests/windows/installation.hpp"
#include "tests/windows/notifyee_host.hpp"

#include <catch_amalgamated.hpp>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

using namespace maptrail::test;

namespace {

constexpr DWORD marker = 0x2BADCAFE;

DWORD handle_count() {
    DWORD count = 0;
    GetProcessHandleCount(GetCurrentProcess(), &count);
    return count;
}

void one_disconnect(const Notifyee& notifyee) {
    NOTIFYCANCEL cancel = make_cancel(L"C:");
    NOTIFYINFO info = before();
    notifyee.cancel(&info, &cancel);
}

/// All that a call may do: over a kept connection, over one of its own, and with a device to ask for.
void every_way(const Notifyee& notifyee) {
    one_operation(notifyee);
    one_disconnect(notifyee);
    if (ImpersonateSelf(SecurityImpersonation)) {
        one_operation(notifyee);
        RevertToSelf();
    }
}

DWORD WINAPI on_small_stack(void* context) {
    every_way(*static_cast<const Notifyee*>(context));
    return 7;
}

} // namespace

TEST_CASE("null pointers and unknown phases are answered with success") {
    const Notifyee notifyee;
    NOTIFYADD add = make_add(L"Z:", L"\\\\server\\share");
    NOTIFYCANCEL cancel = make_cancel(L"Z:");
    NOTIFYINFO info = before();
    SetLastError(marker);
    CHECK(notifyee.add(nullptr, nullptr) == WN_SUCCESS);
    CHECK(notifyee.add(&info, nullptr) == WN_SUCCESS);
    CHECK(notifyee.add(nullptr, &add) == WN_SUCCESS);
    CHECK(notifyee.cancel(nullptr, nullptr) == WN_SUCCESS);
    CHECK(notifyee.cancel(&info, nullptr) == WN_SUCCESS);
    CHECK(notifyee.cancel(nullptr, &cancel) == WN_SUCCESS);
    for (const DWORD phase : {0UL, 3UL, 4UL, 0xFFFFFFFFUL}) {
        NOTIFYINFO odd{phase, WN_SUCCESS, nullptr};
        CHECK(notifyee.add(&odd, &add) == WN_SUCCESS);
        CHECK(odd.lpContext == nullptr);
        CHECK(notifyee.cancel(&odd, &cancel) == WN_SUCCESS);
        CHECK(odd.lpContext == nullptr);
    }
    CHECK(GetLastError() == marker);
}

TEST_CASE("without a service every call succeeds, asks for its after-call, and keeps the last error") {
    const Notifyee notifyee;
    NOTIFYADD add = make_add(L"Z:", L"\\\\server\\share");
    NOTIFYCANCEL cancel = make_cancel(L"Z:");
    for (const DWORD status : {static_cast<DWORD>(WN_SUCCESS), static_cast<DWORD>(ERROR_BAD_NETPATH)}) {
        NOTIFYINFO info = before();
        SetLastError(marker);
        CHECK(notifyee.add(&info, &add) == WN_SUCCESS);
        CHECK(GetLastError() == marker);
        CHECK(info.lpContext != nullptr);
        NOTIFYINFO end = after(info, status);
        CHECK(notifyee.add(&end, &add) == WN_SUCCESS);
        CHECK(GetLastError() == marker);
    }
    NOTIFYINFO info = before();
    CHECK(notifyee.cancel(&info, &cancel) == WN_SUCCESS);
    CHECK(info.lpContext != nullptr);
    // The cancel failed, so its provider is still undefined.
    NOTIFYINFO end = after(info, ERROR_NOT_CONNECTED);
    CHECK(notifyee.cancel(&end, &cancel) == WN_SUCCESS);
    CHECK(GetLastError() == marker);
}

TEST_CASE("names may be absent, empty, as long as Windows has them, and no text at all") {
    const Notifyee notifyee;
    const std::wstring longest(32'767, L'x');
    const std::wstring odd = {L'\\', L'\\', static_cast<wchar_t>(0xD800), L'\\', static_cast<wchar_t>(0xDC00)};
    const std::vector<const wchar_t*> names = {nullptr, L"", L"Z:", L"\\", L":", longest.c_str(), odd.c_str()};
    for (const wchar_t* local : names) {
        for (const wchar_t* remote : names) {
            NOTIFYADD add = make_add(local, remote, local);
            NOTIFYINFO info = before();
            CHECK(notifyee.add(&info, &add) == WN_SUCCESS);
        }
        NOTIFYCANCEL cancel = make_cancel(local);
        NOTIFYINFO info = before();
        CHECK(notifyee.cancel(&info, &cancel) == WN_SUCCESS);
        NOTIFYINFO end = after(info, WN_SUCCESS);
        cancel.lpProvider = const_cast<wchar_t*>(local);
        CHECK(notifyee.cancel(&end, &cancel) == WN_SUCCESS);
    }
}

TEST_CASE("a stack of 64 KiB is enough") {
    const FakeService service(GENERATE(L"allow", L"hangup"));
    const Installation installation;
    const Notifyee notifyee;
    const maptrail::win32::Handle thread(CreateThread(nullptr, 64 * 1024, &on_small_stack,
                                                      const_cast<Notifyee*>(&notifyee),
                                                      STACK_SIZE_PARAM_IS_A_RESERVATION, nullptr));
    REQUIRE(thread);
    REQUIRE(WaitForSingleObject(thread.get(), 10'000) == WAIT_OBJECT_0);
    DWORD code = 0;
    REQUIRE(GetExitCodeThread(thread.get(), &code));
    CHECK(code == 7);
}

TEST_CASE("10,000 times loaded, called and unloaded, the host has the handles that it had") {
    for (int i = 0; i < 100; ++i) {
        one_operation(Notifyee());
    }
    const DWORD handles = handle_count();
    for (int i = 0; i < 10'000; ++i) {
        one_operation(Notifyee());
    }
    CHECK(handle_count() == handles);
}

TEST_CASE("unloaded with connections open, after answers and after none, the DLL leaves no handle behind") {
    const auto* mode = GENERATE(L"allow", L"late:60");
    const FakeService service(mode);
    const Installation installation{maptrail::wire::Policy{}};
    const int rounds = std::wstring(mode) == L"allow" ? 300 : 10;
    for (int i = 0; i < 5; ++i) {
        every_way(Notifyee());
    }
    const DWORD handles = handle_count();
    for (int i = 0; i < rounds; ++i) {
        every_way(Notifyee());
    }
    CHECK(handle_count() == handles);
}

TEST_CASE("without a service a call costs nothing that anybody would notice") {
    const Notifyee notifyee;
    one_operation(notifyee);
    constexpr int rounds = 1'000;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i) {
        one_operation(notifyee);
    }
    // Two calls a round. The bound is the promise itself: 1 ms a call.
    CHECK(std::chrono::steady_clock::now() - start < rounds * 2 * std::chrono::milliseconds(1));
}
