#include "service/identity/account_names.hpp"
#include "service/identity/process.hpp"
#include "service/identity/token.hpp"
#include "tests/windows/service_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>
#include <array>

using namespace maptrail;
using namespace maptrail::test;

namespace {

ClientProcess start_and_describe(win32::Handle& process) {
    std::wstring command = L"cmd.exe /c exit";
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    PROCESS_INFORMATION started{};
    REQUIRE(CreateProcessW(nullptr, command.data(), nullptr, nullptr, FALSE, CREATE_SUSPENDED, nullptr, nullptr,
                           &startup, &started));
    process = win32::Handle(started.hProcess);
    ClientProcess result;
    result.pid = started.dwProcessId;
    ResumeThread(started.hThread);
    CloseHandle(started.hThread);
    return result;
}

} // namespace

TEST_CASE("a token tells its user, and the name is looked up from the SID alone") {
    win32::Handle token;
    REQUIRE(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY | TOKEN_DUPLICATE, token.receive()));
    Identity identity;
    DWORD error = 0;
    REQUIRE(read_token(token.get(), identity, error));
    CHECK(identity.user_sid.starts_with("S-1-5-"));

    AccountNames names;
    std::array<wchar_t, 256> user{};
    auto size = static_cast<DWORD>(user.size());
    REQUIRE(GetUserNameW(user.data(), &size));
    CHECK(names.known(identity.user_sid).name.empty());
    const std::string name = names.of(identity.user_sid).name;
    CHECK(names.known(identity.user_sid).name == name);
    CHECK(std::wstring(name.begin(), name.end()) == user.data());
    CHECK(names.of("S-1-5-18").name == "SYSTEM");
    CHECK(names.of("S-1-5-21-9-9-9-4711").name.empty());
    CHECK(names.of("no SID at all").name.empty());
}

TEST_CASE("what is no token gives an error, not an identity") {
    Identity identity;
    DWORD error = 0;
    CHECK_FALSE(read_token(GetCurrentProcess(), identity, error));
    CHECK(error != 0);
}

TEST_CASE("a process that is over does not run, whoever has its number now") {
    win32::Handle process;
    ClientProcess client = start_and_describe(process);
    REQUIRE(WaitForSingleObject(process.get(), 20'000) == WAIT_OBJECT_0);
    // Its handle is still open, so the number can't have been given away.
    CHECK_FALSE(is_running(client));
    process.reset();

    ClientProcess self;
    self.pid = GetCurrentProcessId();
    CHECK(is_running(self));
    self.started = 1'000'000'000; // somebody who had this number in 1970
    CHECK_FALSE(is_running(self));
}

TEST_CASE("the real client of a pipe is impersonated, read and let go") {
    const std::wstring name = fresh_pipe_name();
    const win32::Handle server(CreateNamedPipeW(name.c_str(), PIPE_ACCESS_DUPLEX,
                                                PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1, 4096, 4096, 0, nullptr));
    REQUIRE(server);
    Sender client(name);
    REQUIRE((ConnectNamedPipe(server.get(), nullptr) || GetLastError() == ERROR_PIPE_CONNECTED));
    const Frame frame(1);
    REQUIRE(client.send(frame.bytes()));
    std::array<std::byte, 4096> buffer{};
    DWORD read = 0;
    REQUIRE(ReadFile(server.get(), buffer.data(), static_cast<DWORD>(buffer.size()), &read, nullptr));

    PipeCallerSource source({.is_own = [](const ClientProcess& process) { return process.pid != 0; },
                             .name_of =
                                 [](const std::string& sid) {
                                     return AccountName{sid + "'s", "D"};
                                 }});
    CallerCache cache;
    DWORD error = 0;
    REQUIRE(source.identify(server.get(), cache, error));
    source.find_process(server.get(), cache);
    CHECK(cache.own);
    CHECK(cache.identity->user_name == cache.identity->user_sid + "'s");
    CHECK(std::ranges::is_sorted(cache.groups));
    CHECK(cache.identity->group_set == group_set_id(cache.groups));
    CHECK(cache.identity->user_sid.starts_with("S-1-5-"));
    CHECK(cache.process->pid == GetCurrentProcessId());
    win32::Handle token;
    CHECK_FALSE(OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, token.receive()));
    CHECK(GetLastError() == ERROR_NO_TOKEN);
}

TEST_CASE("what is no pipe has no client") {
    PipeCallerSource source;
    CallerCache cache;
    DWORD error = 0;
    const win32::Handle event(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    CHECK_FALSE(source.identify(event.get(), cache, error));
    CHECK(error != 0);
    CHECK_FALSE(cache.identity);
}
