#include "service/sinks/command_line.hpp"
#include "service/sinks/run_command.hpp"
#include "tests/windows/command_fixture.hpp"
#include "tests/windows/program.hpp"

#include <catch_amalgamated.hpp>

#include <shellapi.h>

#include <array>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>

using namespace maptrail;
using namespace maptrail::test;
using namespace std::chrono_literals;

namespace {

struct Runs {
    CommandResult run(const Command& command) { return run_command(command, limits, stop.get(), processes, calls); }

    CommandLimits limits;
    AccountCalls calls;
    CommandProcesses processes;
    win32::Handle stop{CreateEventW(nullptr, TRUE, FALSE, nullptr)};
};

/// What maptrail_bad_command writes of a text.
std::string numbers(const std::u16string& text) {
    std::string out;
    for (const char16_t c : text) {
        out += std::to_string(static_cast<unsigned>(c)) + " ";
    }
    return out + "\n";
}

bool has_ended(DWORD pid) {
    const win32::Handle process(OpenProcess(SYNCHRONIZE, FALSE, pid));
    return !process || WaitForSingleObject(process.get(), 0) == WAIT_OBJECT_0;
}

/// Numbers that a program has written into a file.
std::vector<DWORD> read_pids(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::vector<DWORD> pids;
    for (DWORD pid = 0; in >> pid;) {
        pids.push_back(pid);
    }
    return pids;
}

const std::vector<std::string> awkward = {
    "", "a b", "\"", "a\\", "\\\\server\\share\\", "a\\\"b", "%PATH%", "&|<>^\t", "\xC3\xA9\xF0\x9F\x98\x80"};

} // namespace

TEST_CASE("A command gets its arguments and the event on its standard input", "[commands]") {
    Runs runs;
    std::vector<std::string> arguments = {"print"};
    arguments.insert(arguments.end(), awkward.begin(), awkward.end());
    const std::string event = "{\"event\":\"\xC3\xA9\"}\n";
    const CommandResult result = runs.run(command_of(arguments, event));
    INFO(result.reason);
    CHECK(result.end == CommandEnd::exited);
    CHECK(result.exit_code == 0);
    std::string expected;
    for (const std::string& argument : awkward) {
        expected += numbers(to_utf16(argument));
    }
    CHECK(result.output == expected + event);
    CHECK(result.output_size == result.output.size());
}

TEST_CASE("A command line splits into the arguments that it was made of", "[commands]") {
    std::mt19937 random(1); // NOLINT: the same each time
    constexpr std::u16string_view letters = u"\\\\\\\"\" \tax%&\u00E9";
    for (int round = 0; round < 2'000; ++round) {
        std::vector<std::u16string> arguments(random() % 4);
        for (std::u16string& argument : arguments) {
            for (auto left = random() % 8; left > 0; --left) {
                argument += letters[random() % letters.size()];
            }
        }
        const std::u16string line = command_line(u"C:\\Program Files\\a\\x.exe", arguments);
        int count = 0;
        const win32::LocalMemory<LPWSTR> split(
            CommandLineToArgvW(reinterpret_cast<const wchar_t*>(line.c_str()), &count));
        REQUIRE(count == static_cast<int>(arguments.size()) + 1);
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            REQUIRE(std::u16string(reinterpret_cast<const char16_t*>(split.get()[i + 1])) == arguments[i]);
        }
    }
}

TEST_CASE("A command's exit code is recorded", "[commands]") {
    Runs runs;
    const Command command = command_of({"exit", "3"});
    const CommandResult result = runs.run(command);
    CHECK(result.end == CommandEnd::exited);
    CHECK(result.exit_code == 3);
    CHECK_FALSE(succeeded(result));
    CHECK(outcome_text(command, result) == "ended with exit code 3");
}

TEST_CASE("A command that hangs and reads nothing is ended after its time", "[commands]") {
    Runs runs;
    const CommandResult result = runs.run(command_of({"hang"}, std::string(1'000'000, 'x')));
    CHECK(result.end == CommandEnd::timed_out);
    CHECK(result.output == "waiting");
    CHECK(result.took >= 1s);
    CHECK(result.took < 5s);
}

TEST_CASE("A command that floods its output is ended, and the beginning is kept", "[commands]") {
    Runs runs;
    Command command = command_of({"flood"});
    command.run.timeout_s = 30;
    const CommandResult result = runs.run(command);
    CHECK(result.end == CommandEnd::flooded);
    CHECK(result.output == std::string(runs.limits.output_kept, 'x'));
    CHECK(result.output_size > runs.limits.output_read);
    CHECK(result.output_size < 2 * runs.limits.output_read);
}

TEST_CASE("Of a long output the beginning is kept and the rest is counted", "[commands]") {
    Runs runs;
    Command command = command_of({"write", "300000"});
    command.run.timeout_s = 30;
    const CommandResult result = runs.run(command);
    CHECK(result.end == CommandEnd::exited);
    CHECK(result.output.size() == runs.limits.output_kept);
    CHECK(result.output_size == 300'005);
}

TEST_CASE("A command that starts programs without end is ended with all of them", "[commands]") {
    Runs runs;
    runs.limits.processes = 8;
    Command command = command_of({"fork"});
    command.run.timeout_s = 30;
    const CommandResult result = runs.run(command);
    CHECK(result.end == CommandEnd::too_many_processes);
    CHECK(result.took < 30s);
}

TEST_CASE("What a command leaves running is ended with it", "[commands]") {
    Runs runs;
    const TemporaryFolder folder;
    const std::filesystem::path file = folder.path() / "pid";
    const CommandResult result = runs.run(command_of({"leave", path_utf8(file)}));
    CHECK(result.end == CommandEnd::exited);
    const std::vector<DWORD> pids = read_pids(file);
    REQUIRE(pids.size() == 1);
    CHECK(pids[0] != 0);
    CHECK(eventually([&] { return has_ended(pids[0]); }));
}

TEST_CASE("A stop ends a command at once", "[commands]") {
    Runs runs;
    Command command = command_of({"hang"});
    command.run.timeout_s = 30;
    std::thread stopper([&] {
        std::this_thread::sleep_for(300ms);
        SetEvent(runs.stop.get());
    });
    const CommandResult result = runs.run(command);
    stopper.join();
    CHECK(result.end == CommandEnd::stopped);
    CHECK(result.took < 2s);
}

TEST_CASE("A command inherits no handle but the standard ones", "[commands]") {
    Runs runs;
    SECURITY_ATTRIBUTES inheritable{sizeof inheritable, nullptr, TRUE};
    const win32::Handle event(CreateEventW(&inheritable, TRUE, FALSE, nullptr));
    const CommandResult result =
        runs.run(command_of({"set", std::to_string(reinterpret_cast<ULONG_PTR>(event.get()))}));
    CHECK(result.output == "not set");
    CHECK(WaitForSingleObject(event.get(), 0) == WAIT_TIMEOUT);
}

TEST_CASE("A command runs in System32 and knows nothing of the service's environment", "[commands]") {
    Runs runs;
    SetEnvironmentVariableW(L"MAPTRAIL_TEST", L"secret");
    const CommandResult result = runs.run(command_of({"surroundings"}));
    SetEnvironmentVariableW(L"MAPTRAIL_TEST", nullptr);
    std::istringstream lines(result.output);
    std::array<std::string, 3> line;
    for (std::string& text : line) {
        std::getline(lines, text);
    }
    std::array<wchar_t, MAX_PATH> folder{};
    GetSystemDirectoryW(folder.data(), static_cast<UINT>(folder.size()));
    CHECK(line[0] + "\n" == numbers(reinterpret_cast<const char16_t*>(folder.data())));
    CHECK(line[1].empty());
    CHECK_FALSE(line[2].empty());
}

TEST_CASE("What is no program of this machine is not run, and the reason says so", "[commands]") {
    Runs runs;
    const TemporaryFolder folder;
    const auto file = [&](const char* name) {
        const std::filesystem::path path = folder.path() / name;
        std::ofstream(path) << "exit 0";
        return path_utf8(path);
    };
    const auto reason = [&](const std::string& program) {
        Command command = command_of({});
        command.run.program = program;
        const CommandResult result = runs.run(command);
        CHECK(result.end == CommandEnd::not_run);
        CHECK_FALSE(succeeded(result));
        return result.reason;
    };
    using Catch::Matchers::ContainsSubstring;
    CHECK_THAT(reason("C:\\Windows\\System32\\cmd.exe"), ContainsSubstring("no shell"));
    CHECK_THAT(reason("c:\\windows\\system32\\CMD.EXE"), ContainsSubstring("no shell"));
    CHECK_THAT(reason(file("batch.bat")), ContainsSubstring("ends in .exe"));
    CHECK_THAT(reason(file("batch.CMD")), ContainsSubstring("ends in .exe"));
    CHECK_THAT(reason(file("script.ps1")), ContainsSubstring("ends in .exe"));
    CHECK_THAT(reason(file("text.exe")), ContainsSubstring("cannot start the program"));
    CHECK_THAT(reason("C:\\nothing\\there.exe"), ContainsSubstring("cannot open"));
    CHECK_THAT(reason("notify.exe"), ContainsSubstring("no absolute path"));
    CHECK_THAT(reason("\\Windows\\notify.exe"), ContainsSubstring("no absolute path"));
    CHECK_THAT(reason("C:notify.exe"), ContainsSubstring("no absolute path"));
    CHECK_THAT(reason("\\\\server\\share\\notify.exe"), ContainsSubstring("no absolute path"));
    CHECK_THAT(reason(""), ContainsSubstring("no absolute path"));
    // However the name ends, it is the batch file or none.
    CHECK_FALSE(reason(file("other.bat") + ".").empty());
    CHECK_FALSE(reason(file("another.bat") + " .").empty());
}

TEST_CASE("Arguments that no command line holds are not passed", "[commands]") {
    Runs runs;
    using Catch::Matchers::ContainsSubstring;
    CHECK_THAT(runs.run(command_of({std::string(40'000, 'x')})).reason, ContainsSubstring("too long"));
    CHECK_THAT(runs.run(command_of({std::string("a\0b", 3)})).reason, ContainsSubstring("a zero"));
}

TEST_CASE("A command leaves no handle behind", "[commands]") {
    Runs runs;
    const auto handles = [] {
        DWORD count = 0;
        GetProcessHandleCount(GetCurrentProcess(), &count);
        return count;
    };
    (void)runs.run(command_of({"exit", "0"}));
    const DWORD before = handles();
    for (int i = 0; i < 5; ++i) {
        CHECK(runs.run(command_of({"exit", "0"})).end == CommandEnd::exited);
        Command none = command_of({});
        none.run.program = "C:\\nothing\\there.exe";
        CHECK(runs.run(none).end == CommandEnd::not_run);
    }
    CHECK(handles() <= before);
}

TEST_CASE("A job asks for limits on processes and memory and for an end with the service", "[commands]") {
    CommandLimits limits;
    limits.processes = 5;
    limits.memory = 1U << 20U;
    const JOBOBJECT_EXTENDED_LIMIT_INFORMATION asked = job_limits(limits);
    CHECK(asked.BasicLimitInformation.LimitFlags ==
          (JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_ACTIVE_PROCESS | JOB_OBJECT_LIMIT_JOB_MEMORY |
           JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION));
    CHECK(asked.BasicLimitInformation.ActiveProcessLimit == 5);
    CHECK(asked.JobMemoryLimit == 1U << 20U);
}

TEST_CASE("When a job's last handle is closed, as when the service dies, its processes end", "[commands]") {
    std::optional<Job> job(CommandLimits{});
    const Program program = start_program(L"\"" + (own_folder() / "maptrail_bad_command.exe").wstring() + L"\" hang");
    REQUIRE(AssignProcessToJobObject(job->get(), program.process.get()));
    CHECK(job->contains(program.process.get()));
    CHECK(WaitForSingleObject(program.process.get(), 100) == WAIT_TIMEOUT);
    job.reset();
    CHECK(WaitForSingleObject(program.process.get(), 5'000) == WAIT_OBJECT_0);
}
