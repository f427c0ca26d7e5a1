#include "service/identity/process.hpp"
#include "service/sinks/commands.hpp"
#include "tests/windows/command_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <fstream>
#include <map>
#include <mutex>

using namespace maptrail;
using namespace maptrail::test;
using namespace std::chrono_literals;

namespace {

/// A runner and what it reported.
class Recorder {
public:
    explicit Recorder(std::size_t at_once = 4, CommandQueueLimits queue = {})
        : runner([this](const Command& command, const CommandResult& result) { take(command, result); },
                 CommandRunnerOptions{at_once, queue, {}}) {}

    std::size_t count(CommandEnd end) {
        const std::lock_guard lock(mutex_);
        return static_cast<std::size_t>(std::ranges::count(results_, end, &CommandResult::end));
    }
    std::uint64_t dropped() {
        const std::lock_guard lock(mutex_);
        std::uint64_t all = 0;
        for (const CommandResult& result : results_) {
            all += result.dropped;
        }
        return all;
    }

    std::uint64_t dropped_of(const std::string& rule) {
        const std::lock_guard lock(mutex_);
        return dropped_of_[rule];
    }

private:
    void take(const Command& command, const CommandResult& result) {
        const std::lock_guard lock(mutex_);
        results_.push_back(result);
        dropped_of_[command.rule] += result.dropped;
    }

    std::mutex mutex_;
    std::vector<CommandResult> results_;
    std::map<std::string, std::uint64_t> dropped_of_;

public:
    CommandRunner runner;
};

Command long_command(const std::string& rule = "a rule") {
    Command command = command_of({"hang"});
    command.rule = rule;
    command.run.timeout_s = 60;
    return command;
}

std::chrono::milliseconds time_of(const std::function<void()>& work) {
    const auto begun = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
}

ClientProcess process_of(std::uint32_t pid) {
    ClientProcess process;
    process.pid = pid;
    const win32::Handle handle(OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, pid));
    process.started = process_start(handle.get());
    return process;
}

} // namespace

TEST_CASE("Each command that is submitted is run and reported", "[commands]") {
    Recorder recorder;
    for (int i = 0; i < 10; ++i) {
        CHECK(recorder.runner.submit(command_of({"exit", i % 2 == 0 ? "0" : "3"})));
    }
    CHECK(eventually([&] { return recorder.count(CommandEnd::exited) == 10; }));
    const CommandCounts counts = recorder.runner.counts();
    CHECK(counts.succeeded == 5);
    CHECK(counts.failed == 5);
    CHECK(counts.dropped == 0);
    CHECK(counts.waiting == 0);
    CHECK(counts.running == 0);
}

TEST_CASE("Commands beyond what may run and wait are dropped, counted and reported, and nobody waits", "[commands]") {
    Recorder recorder(2, {.waiting = 3, .waiting_of_a_rule = 3});
    for (int i = 0; i < 2; ++i) {
        CHECK(recorder.runner.submit(long_command()));
    }
    REQUIRE(eventually([&] { return recorder.runner.counts().running == 2; }));
    CHECK(time_of([&] {
              for (int i = 0; i < 3; ++i) {
                  CHECK(recorder.runner.submit(long_command()));
              }
              for (int i = 0; i < 100; ++i) {
                  CHECK_FALSE(recorder.runner.submit(long_command()));
              }
          }) < 500ms);
    CHECK(recorder.runner.counts().dropped == 100);
    CHECK(recorder.runner.counts().waiting == 3);
    recorder.runner.stop();
    CHECK(recorder.dropped() == 103);
    CHECK(recorder.runner.counts().dropped == 103);
}

TEST_CASE("A rule whose commands are dropped keeps no other's from running, and each is told of its own",
          "[commands]") {
    Recorder recorder(2, {.waiting = 8, .waiting_of_a_rule = 2});
    for (int i = 0; i < 10; ++i) {
        (void)recorder.runner.submit(long_command("loud"));
    }
    Command quiet = command_of({"exit", "0"});
    quiet.rule = "quiet";
    CHECK(recorder.runner.submit(quiet));
    for (int i = 0; i < 5; ++i) {
        (void)recorder.runner.submit(long_command("other"));
    }
    recorder.runner.stop();
    const CommandCounts counts = recorder.runner.counts();
    CHECK(counts.waiting + counts.running == 0);
    CHECK(recorder.dropped_of("loud") >= 8);
    CHECK(recorder.dropped_of("other") >= 3);
    CHECK(recorder.dropped_of("loud") + recorder.dropped_of("other") + recorder.dropped_of("quiet") == counts.dropped);
}

TEST_CASE("A stop ends all commands within two seconds", "[commands]") {
    Recorder recorder;
    for (int i = 0; i < 20; ++i) {
        CHECK(recorder.runner.submit(long_command()));
    }
    REQUIRE(eventually([&] { return recorder.runner.counts().running == 4; }));
    CHECK(time_of([&] { recorder.runner.stop(); }) < 2s);
    CHECK(recorder.count(CommandEnd::stopped) == 4);
    CHECK(recorder.dropped() == 16);
    CHECK_FALSE(recorder.runner.submit(long_command()));
    recorder.runner.stop();
}

TEST_CASE("The runner knows the processes that commands start, and theirs, also when they have ended", "[commands]") {
    Recorder recorder;
    const TemporaryFolder folder;
    const std::filesystem::path file = folder.path() / "pids";
    Command command = command_of({"family", path_utf8(file)});
    command.run.timeout_s = 3;
    CHECK_FALSE(recorder.runner.started(process_of(GetCurrentProcessId())));
    CHECK(recorder.runner.submit(command));
    std::uint32_t parent = 0;
    std::uint32_t child = 0;
    REQUIRE(eventually([&] { return std::ifstream(file) >> parent >> child && child != 0; }));

    const std::array<ClientProcess, 2> family = {process_of(parent), process_of(child)};
    for (ClientProcess process : family) {
        CHECK(process.started != 0);
        CHECK(recorder.runner.started(process));
        process.started += 100;
        CHECK_FALSE(recorder.runner.started(process)); // another one with its number
        process.started = 0;
        CHECK(recorder.runner.started(process)); // nobody could tell, but the job does
    }
    CHECK_FALSE(recorder.runner.started(process_of(GetCurrentProcessId())));
    CHECK_FALSE(recorder.runner.started(ClientProcess()));

    REQUIRE(eventually([&] { return recorder.count(CommandEnd::timed_out) == 1; }));
    for (ClientProcess process : family) {
        CHECK(recorder.runner.started(process));
        process.started = 0;
        CHECK_FALSE(recorder.runner.started(process));
    }
}
