// The service's whole way, from the notify pipe to the history, in one process; identities by a seam, because Wine
// shows a server its own token whoever the client is.
#include "common/product.hpp"
#include "common/win32/privilege.hpp"
#include "service/drain/drain.hpp"
#include "service/listen/intake.hpp"
#include "service/listen/listener.hpp"
#include "service/store/store.hpp"
#include "tests/windows/installation.hpp"
#include "tests/windows/notifyee_host.hpp"
#include "tests/windows/program.hpp"
#include "tests/windows/service_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <set>
#include <thread>

using namespace maptrail;
using namespace maptrail::test;

namespace {

std::int64_t now() {
    using namespace std::chrono;
    return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}

struct WholeService {
    explicit WholeService(std::wstring pipe_name)
        : pipe(std::move(pipe_name)), inbox(Inbox::open(folder.path() / "inbox", 1U << 20U)),
          store(open_store(folder.path() / "history.db", StoreMode::read_write, &now, "host")), intake(*inbox, judge),
          drain(*inbox, *store, system(), {}), listener({pipe, notify_pipe_access}, callers, intake) {
        win32::enable_privilege(SE_RESTORE_NAME);
        drain.start();
        listener.start();
    }

    DrainSystem system() {
        DrainSystem result;
        result.fill_in_names = [](Identity& identity) { identity.user_name = "user of " + identity.user_sid; };
        result.is_running = [](const ClientProcess&) { return true; };
        result.clock = &now;
        result.info = [](const std::string&) {};
        result.error = [this](const std::string& line) { errors.push_back(line); };
        return result;
    }

    /// What is in the history once everything has arrived.
    std::vector<Operation> history() {
        listener.stop();
        drain.stop();
        std::vector<Operation> result;
        store->find({}, [&](const Operation& operation) {
            result.push_back(operation);
            return true;
        });
        return result;
    }

    TemporaryFolder folder;
    std::wstring pipe;
    FakeCallers callers;
    std::vector<std::string> errors;
    std::unique_ptr<Inbox> inbox;
    std::unique_ptr<Store> store;
    Judge judge;
    Intake intake;
    Drain drain;
    Listener listener;
};

/// Runs a program to its end. Its process id, or 0 if it failed.
DWORD run(const std::wstring& program) {
    std::wstring command = L"\"" + (own_folder() / program).wstring() + L"\"";
    const Program started = start_program(command);
    DWORD code = 1;
    if (WaitForSingleObject(started.process.get(), 60'000) != WAIT_OBJECT_0 ||
        !GetExitCodeProcess(started.process.get(), &code)) {
        TerminateProcess(started.process.get(), 1);
        return 0;
    }
    return code == 0 ? started.id : 0;
}

} // namespace

TEST_CASE("one process whose threads act as two identities is recorded as two users") {
    WholeService service(notify_pipe_name);
    const Installation installation;
    // The seam: each connection is somebody else's. So whoever shares a connection is recorded as one.
    std::atomic<int> connections{0};
    service.callers.sid = [&](HANDLE) { return "S-1-5-21-1-2-3-" + std::to_string(1001 + connections++); };
    const DWORD pid = run(L"maptrail_two_identities.exe");
    REQUIRE(pid != 0);

    const std::vector<Operation> history = service.history();
    REQUIRE(history.size() == 10);
    std::set<std::string> own; // one, unless a call was late and its connection had to be opened again
    std::set<std::string> others;
    for (const Operation& operation : history) {
        CAPTURE(operation.remote_name);
        CHECK(operation.outcome == Outcome::success);
        CHECK(operation.process.pid == pid);
        (operation.remote_name.starts_with("\\\\self\\") ? own : others).insert(operation.identity.user_sid);
        CHECK(operation.identity.user_name == "user of " + operation.identity.user_sid);
    }
    REQUIRE_FALSE(own.empty());
    REQUIRE_FALSE(others.empty());
    for (const std::string& sid : own) {
        CHECK_FALSE(others.contains(sid));
    }
    CHECK(service.errors.empty());
}

TEST_CASE("a forged frame is stored with its sender's true identity and process") {
    WholeService service(fresh_pipe_name());
    {
        Sender sender(service.pipe);
        wire::Reply reply{};
        // The frame says that the System process sent it, and a SID stands where a forger hopes that it is looked for.
        REQUIRE(sender.exchange(Frame(1, u"\\\\server\\S-1-5-18").bytes(), reply));
        CHECK(reply.result == static_cast<std::uint16_t>(wire::Result::accepted));
    }
    const std::vector<Operation> history = service.history();
    REQUIRE(history.size() == 1);
    CHECK(history[0].identity.user_sid == "S-1-5-21-1-2-3-1001");
    CHECK(history[0].process.pid == GetCurrentProcessId());
    CHECK(history[0].process.path.ends_with("maptrail_service_tests.exe"));
}

TEST_CASE("a caller's groups are judged by and recorded, told once for all frames") {
    WholeService service(fresh_pipe_name());
    service.callers.groups = {"S-1-5-11", "S-1-5-21-9-9-9-512"};
    rules::Rule rule;
    rule.name = "admins";
    rule.mode = rules::Mode::enforce;
    rule.tags = {"admins"};
    rules::Condition member;
    member.kind = rules::Condition::Kind::field;
    member.field = rules::Field::group;
    member.texts = {"S-1-5-21-9-9-9-512"};
    rule.when.parts = {member};
    service.judge.take(rules::RuleSet({rule}, ConfigVersion{1}, {}));
    {
        Sender sender(service.pipe);
        wire::Reply reply{};
        REQUIRE(sender.exchange(Frame(1, u"\\\\server\\one").bytes(), reply));
        REQUIRE(sender.exchange(Frame(3, u"\\\\server\\two").bytes(), reply));
    }
    const std::vector<Operation> history = service.history();
    REQUIRE(history.size() == 2);
    for (const Operation& operation : history) {
        REQUIRE(operation.judged.rules.size() == 1);
        CHECK(operation.judged.rules[0].name == "admins");
        CHECK(service.store->groups_of(operation.identity.group_set) == service.callers.groups);
    }
    CHECK(service.errors.empty());
}

TEST_CASE("what a rule's own command does is recorded and not judged") {
    WholeService service(fresh_pipe_name());
    rules::Rule rule;
    rule.name = "nobody";
    rule.mode = rules::Mode::enforce;
    rule.deny = ERROR_ACCESS_DENIED;
    service.judge.take(rules::RuleSet({rule}, ConfigVersion{1}, {}));
    {
        wire::Reply reply{};
        Sender stranger(service.pipe);
        REQUIRE(stranger.exchange(Frame(1, u"\\\\server\\one").bytes(), reply));
        CHECK(reply.verdict == ERROR_ACCESS_DENIED);
        service.callers.own = true;
        Sender command(service.pipe);
        REQUIRE(command.exchange(Frame(3, u"\\\\server\\two").bytes(), reply));
        CHECK(reply.verdict == 0);
    }
    const std::vector<Operation> history = service.history();
    REQUIRE(history.size() == 2);
    CHECK(history[0].outcome == Outcome::denied);
    CHECK(history[1].decision == Decision::allow);
    CHECK(history[1].judged.rules.empty());
    CHECK(history[1].config_before == 0);
}

TEST_CASE("an inbox without room refuses, and takes again what comes later") {
    WholeService service(fresh_pipe_name());
    service.drain.stop(); // nothing is moved on
    Sender sender(service.pipe);
    wire::Reply reply{};
    std::uint64_t sequence = 0;
    do {
        REQUIRE(sender.exchange(Frame(++sequence, std::u16string(2'000, u'x')).bytes(), reply));
    } while (reply.result == static_cast<std::uint16_t>(wire::Result::accepted) && sequence < 10'000);
    CHECK(reply.result == static_cast<std::uint16_t>(wire::Result::refused_full));
    CHECK(reply.verdict == 0);
    Drain drain(*service.inbox, *service.store, service.system(),
                {}); // one that was stopped moves no more than what is there
    drain.start();
    for (int round = 0; round < 100 && reply.result != static_cast<std::uint16_t>(wire::Result::accepted); ++round) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        REQUIRE(sender.exchange(Frame(sequence, u"\\\\server\\share").bytes(), reply));
    }
    service.listener.stop();
    drain.stop();
    CHECK(service.history().size() == sequence);
}

TEST_CASE("a user with ever other groups does not fill the history with them; his operations are all there") {
    WholeService service(fresh_pipe_name());
    const auto send = [&](std::uint64_t number, const std::string& user, const std::string& group) {
        CallerCache caller;
        caller.identity.emplace().user_sid = user;
        caller.groups = {group};
        caller.identity->group_set = caller.group_set = group_set_id(caller.groups);
        wire::Reply reply{};
        service.intake.handle(Frame(number).bytes(), caller, reply);
        CHECK(reply.result == static_cast<std::uint16_t>(wire::Result::accepted));
    };
    for (std::uint64_t i = 1; i <= 60; ++i) {
        send(i, "S-1-5-21-1", "S-1-5-21-9-" + std::to_string(i));
    }
    send(61, "S-1-5-21-1", "S-1-5-21-9-1"); // known already
    send(62, "S-1-5-21-2", "S-1-5-21-9-60");
    const std::vector<Operation> history = service.history();
    REQUIRE(history.size() == 62);
    CHECK(std::ranges::count(history, std::uint64_t{0}, [](const Operation& o) { return o.identity.group_set; }) == 10);
    CHECK(history[60].identity.group_set == history[0].identity.group_set);
    CHECK(history[61].identity.group_set != 0);
}
