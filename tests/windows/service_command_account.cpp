// Which account a command runs as: what the system is asked for. Wine logs no service account on.
#include "service/sinks/run_command.hpp"
#include "tests/windows/command_fixture.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;
using namespace maptrail::test;

namespace {

struct Asked {
    std::wstring name;
    std::wstring domain;
    DWORD logon_type = 0;
    HANDLE restricted_from = nullptr;
    DWORD restricted = 0;
    HANDLE environment_of = nullptr;
    HANDLE started_with = nullptr;
    void* environment = nullptr;
    std::wstring desktop = L"none";
    DWORD flags = 0;
    bool password = false;
    DWORD log_on_error = 0;
} asked;

const HANDLE logged_on = reinterpret_cast<HANDLE>(ULONG_PTR{0x7000'0001}); // no handles, so closing them does nothing
const HANDLE restricted = reinterpret_cast<HANDLE>(ULONG_PTR{0x7000'0005});

BOOL WINAPI log_on(LPCWSTR name, LPCWSTR domain, LPCWSTR password, DWORD type, DWORD, PHANDLE token) {
    asked.name = name;
    asked.domain = domain;
    asked.password = password != nullptr;
    asked.logon_type = type;
    SetLastError(asked.log_on_error);
    *token = asked.log_on_error == 0 ? logged_on : nullptr;
    return asked.log_on_error == 0;
}

BOOL WINAPI restrict_token(HANDLE token, DWORD flags, DWORD, PSID_AND_ATTRIBUTES, DWORD, PLUID_AND_ATTRIBUTES, DWORD,
                           PSID_AND_ATTRIBUTES, PHANDLE result) {
    asked.restricted_from = token;
    asked.restricted = flags;
    *result = restricted;
    return TRUE;
}

BOOL WINAPI make_environment(LPVOID* block, HANDLE token, BOOL) {
    asked.environment_of = token;
    const BOOL made = CreateEnvironmentBlock(block, nullptr, FALSE);
    asked.environment = *block;
    return made;
}

BOOL WINAPI create_process(HANDLE token, LPCWSTR program, LPWSTR line, LPSECURITY_ATTRIBUTES, LPSECURITY_ATTRIBUTES,
                           BOOL inherit, DWORD flags, LPVOID environment, LPCWSTR folder, LPSTARTUPINFOW startup,
                           LPPROCESS_INFORMATION started) {
    asked.started_with = token;
    asked.desktop = startup->lpDesktop;
    asked.flags = flags;
    CHECK(environment == asked.environment);
    return CreateProcessW(program, line, nullptr, nullptr, inherit, flags, environment, folder, startup, started);
}

CommandResult run_as(rules::RunAs account) {
    asked.name.clear();
    const win32::Handle stop(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    CommandProcesses processes;
    Command command = command_of({"exit", "3"});
    command.run.account = account;
    return run_command(command, CommandLimits(), stop.get(), processes,
                       {&log_on, &restrict_token, &make_environment, &create_process});
}

} // namespace

TEST_CASE("A command runs as LocalService or NetworkService, without their privileges", "[commands]") {
    asked = {};
    const auto [account, name] = GENERATE(table<rules::RunAs, std::wstring>(
        {{rules::RunAs::local_service, L"LocalService"}, {rules::RunAs::network_service, L"NetworkService"}}));
    const CommandResult result = run_as(account);
    INFO(result.reason);
    CHECK(result.end == CommandEnd::exited);
    CHECK(result.exit_code == 3);
    CHECK(asked.name == name);
    CHECK(asked.domain == L"NT AUTHORITY");
    CHECK_FALSE(asked.password);
    CHECK(asked.logon_type == LOGON32_LOGON_SERVICE);
    CHECK(asked.restricted_from == logged_on);
    CHECK(asked.restricted == DISABLE_MAX_PRIVILEGE);
    CHECK(asked.environment_of == restricted);
    CHECK(asked.started_with == restricted);
    CHECK(asked.desktop.empty());
    CHECK((asked.flags & (CREATE_NO_WINDOW | EXTENDED_STARTUPINFO_PRESENT)) ==
          (CREATE_NO_WINDOW | EXTENDED_STARTUPINFO_PRESENT));
}

TEST_CASE("A command that is to run as the service asks for no other account", "[commands]") {
    asked = {};
    CHECK(run_as(rules::RunAs::system).exit_code == 3);
    CHECK(asked.name.empty());
    CHECK(asked.started_with == nullptr);
    CHECK(asked.environment_of == nullptr);
}

TEST_CASE("A command whose account can't be logged on is not run as another", "[commands]") {
    asked = {};
    asked.log_on_error = ERROR_LOGON_FAILURE;
    const CommandResult result = run_as(rules::RunAs::local_service);
    CHECK(result.end == CommandEnd::not_run);
    CHECK_THAT(result.reason, Catch::Matchers::StartsWith("cannot log on LocalService, which only the service can"));
    CHECK_THAT(result.reason, Catch::Matchers::ContainsSubstring("1326"));
    CHECK(asked.started_with == nullptr);
}
