// That the stand-in is what programs get for mpr.dll, and that nothing of Wine's DLL is missing.
#include "tests/router/listeners.hpp"

#include <catch_amalgamated.hpp>

#include <windows.h>

#include <algorithm>
#include <array>
#include <string>

namespace {

using namespace maptrail::test;
using nlohmann::json;

constexpr unsigned last_ordinal = 111;

FARPROC by_ordinal(HMODULE module, unsigned ordinal) {
    return GetProcAddress(module, reinterpret_cast<LPCSTR>(static_cast<ULONG_PTR>(ordinal)));
}

/// Runs a program to its end and returns its process id.
DWORD run_program(std::wstring command_line) {
    STARTUPINFOW startup{};
    startup.cb = sizeof(startup);
    PROCESS_INFORMATION process{};
    REQUIRE(
        CreateProcessW(nullptr, command_line.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr, &startup, &process));
    constexpr DWORD patience_ms = 60'000;
    const DWORD waited = WaitForSingleObject(process.hProcess, patience_ms);
    DWORD exit_code = ~0U;
    GetExitCodeProcess(process.hProcess, &exit_code);
    if (waited != WAIT_OBJECT_0) {
        TerminateProcess(process.hProcess, 1);
    }
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    REQUIRE(waited == WAIT_OBJECT_0);
    CHECK(exit_code == 0);
    return process.dwProcessId;
}

} // namespace

TEST_CASE("Every function of Wine's DLL is there, by ordinal; only ten are the router's own", "[router]") {
    const HMODULE router = GetModuleHandleW(L"mpr.dll");
    const HMODULE wine = LoadLibraryW(L"mpr_builtin.dll");
    REQUIRE(router != nullptr);
    REQUIRE(wine != nullptr);
    REQUIRE(router != wine);
    unsigned own = 0;
    for (unsigned ordinal = 1; ordinal <= last_ordinal; ++ordinal) {
        INFO("ordinal " << ordinal);
        REQUIRE(by_ordinal(wine, ordinal) != nullptr);
        REQUIRE(by_ordinal(router, ordinal) != nullptr);
        own += by_ordinal(router, ordinal) != by_ordinal(wine, ordinal) ? 1 : 0;
    }
    CHECK(own == 10);
    CHECK(by_ordinal(wine, last_ordinal + 1) == nullptr);
    for (const char* name : {"WNetAddConnectionA", "WNetAddConnection3W", "WNetCancelConnection2W", "WNetGetUserW"}) {
        CHECK(GetProcAddress(router, name) != nullptr);
    }
    CHECK(GetProcAddress(router, "WNetGetUserW") == GetProcAddress(wine, "WNetGetUserW"));
}

TEST_CASE("An unmodified program is heard: Node.js for Windows", "[node]") {
    const Listeners listeners;
    const std::wstring node = required_variable(L"MAPTRAIL_TEST_NODE");
    const std::wstring script = required_variable(L"MAPTRAIL_TEST_MAP_DRIVES");
    REQUIRE_FALSE(required_variable(L"KOFFI").empty());
    const std::wstring steps = LR"([{\"connect\":\"N:\",\"to\":\"//server/share\"},)"
                               LR"({\"connect\":\"N:\",\"to\":\"\\\\server\\share\"},)"
                               LR"({\"disconnect\":\"N:\",\"force\":true}])";
    const DWORD pid = run_program(L"\"" + node + L"\" \"" + script + L"\" \"" + steps + L"\"");
    std::vector<json> calls = Listeners::calls();
    std::erase_if(calls, [](const json& call) { return call.at("probe") != "maptrail-probe-a"; });
    REQUIRE(calls.size() == 6);
    CHECK(std::ranges::all_of(calls, [&](const json& call) { return call.at("pid") == pid; }));
    CHECK(calls[0].at("remote") == "//server/share");
    CHECK(calls[1].at("operation") == ERROR_BAD_NET_NAME);
    CHECK(calls[3].at("local") == "N:");
    CHECK(calls[3].at("remote") == "\\\\server\\share");
    CHECK(calls[3].at("operation") == NO_ERROR);
    CHECK(calls[5].at("name") == "N:");
    CHECK(calls[5].at("force") == 1);
    CHECK(calls[5].at("operation") == NO_ERROR);
}
