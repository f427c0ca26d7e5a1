// What the notifyees are handed: the defined fields as the caller gave them, poison in the others.
#include "tests/callers/call.hpp"
#include "tests/router/listeners.hpp"

#include <catch_amalgamated.hpp>

#include <windows.h>

#include <winnetwk.h>

namespace {

using namespace maptrail::test;
using nlohmann::json;

const json poisoned = {{"scope", "wild"}, {"display", "wild"}, {"usage", "wild"}, {"comment", "wild"}};

} // namespace

TEST_CASE("A connect's fields arrive, from each function and both of its variants", "[router]") {
    const Listeners listeners;
    Call call;
    call.function = GENERATE(Function::add, Function::add2, Function::add3);
    call.ansi = GENERATE(false, true);
    INFO(name_of(call.function, call.ansi));
    call.local = L"R:";
    call.remote = L"\\\\server\\gr\u00FC\u00DFe";
    call.flags = CONNECT_TEMPORARY | CONNECT_UPDATE_RECENT;
    call.owner = GetDesktopWindow();
    call.password = L"not for listeners";
    REQUIRE(make(call).status == NO_ERROR);

    const bool old = call.function == Function::add;
    const std::vector<json> calls = Listeners::calls();
    REQUIRE(calls.size() == 6);
    for (const json& notified : calls) {
        CHECK(notified.at("call") == "add");
        CHECK(notified.at("type") == (old ? RESOURCETYPE_ANY : RESOURCETYPE_DISK));
        CHECK(notified.at("local") == "R:");
        CHECK(notified.at("remote") == utf8_of(call.remote));
        CHECK(notified.at("provider") == nullptr);
        CHECK(notified.at("flags") == (old ? static_cast<DWORD>(CONNECT_UPDATE_PROFILE) : call.flags));
        CHECK(notified.at("owner") ==
              (call.function == Function::add3 ? reinterpret_cast<ULONG_PTR>(call.owner) : ULONG_PTR{0}));
        CHECK(notified.at("undefined") == poisoned);
        CHECK(notified.at("operation") == NO_ERROR);
        CHECK(notified.dump().find("not for listeners") == std::string::npos);
    }
    Call cancel;
    cancel.function = Function::cancel2;
    cancel.remote = L"R:";
    REQUIRE(make(cancel).status == NO_ERROR);
}

TEST_CASE("A cancel's fields arrive; the provider only after a success", "[router]") {
    const Listeners listeners;
    Call connect;
    connect.local = L"R:";
    connect.remote = L"\\\\busy\\share";
    REQUIRE(make(connect).status == NO_ERROR);
    const Listeners fresh;

    Call cancel;
    cancel.function = GENERATE(Function::cancel, Function::cancel2);
    cancel.ansi = GENERATE(false, true);
    INFO(name_of(cancel.function, cancel.ansi));
    cancel.remote = L"R:";
    const DWORD flags = cancel.function == Function::cancel ? CONNECT_UPDATE_PROFILE : 0;
    REQUIRE(make(cancel).status == ERROR_OPEN_FILES);
    cancel.force = true;
    REQUIRE(make(cancel).status == NO_ERROR);

    const std::vector<json> calls = Listeners::calls();
    REQUIRE(calls.size() == 12);
    for (std::size_t index = 0; index < calls.size(); ++index) {
        const json& notified = calls[index];
        const bool second = index >= 6;
        const bool after = notified.at("notify") == 2;
        CHECK(notified.at("call") == "cancel");
        CHECK(notified.at("name") == "R:");
        CHECK(notified.at("flags") == flags);
        CHECK(notified.at("force") == (second ? 1 : 0));
        CHECK(notified.at("operation") == (after && !second ? ERROR_OPEN_FILES : NO_ERROR));
        CHECK(notified.at("provider") == (after && second ? "MapTrail Test Network" : "wild"));
    }
}

TEST_CASE("The status of a failed operation arrives, and is the caller's last error", "[router]") {
    const Listeners listeners;
    Call call;
    call.function = Function::add3;
    call.local = L"R:";
    call.remote = L"\\\\fail-1326\\share";
    const CallResult result = make(call);
    CHECK(result.status == ERROR_LOGON_FAILURE);
    CHECK(result.last_error == ERROR_LOGON_FAILURE);
    const std::vector<json> calls = Listeners::calls();
    REQUIRE(calls.size() == 6);
    CHECK(calls[2].at("operation") == NO_ERROR);
    for (std::size_t index = 3; index < 6; ++index) {
        CHECK(calls[index].at("operation") == ERROR_LOGON_FAILURE);
    }
}

TEST_CASE("A notifyee that overwrites what it was handed disturbs nobody", "[router]") {
    const Listeners listeners;
    for (const char* probe : {"a", "b", "c"}) {
        listeners.tell(probe, "scribble", 1);
    }
    Call call;
    call.local = L"R:";
    call.remote = L"\\\\server\\share";
    const CallResult result = make(call);
    CHECK(result.status == NO_ERROR);
    CHECK(result.last_error == NO_ERROR);
    const std::vector<json> calls = Listeners::calls();
    REQUIRE(calls.size() == 6);
    for (const json& notified : calls) {
        CHECK(notified.at("remote") == "\\\\server\\share");
        CHECK(notified.at("undefined") == poisoned);
        CHECK(notified.at("operation") == NO_ERROR);
    }
    call.function = Function::cancel2;
    call.remote = L"R:";
    CHECK(make(call).status == NO_ERROR);
}
