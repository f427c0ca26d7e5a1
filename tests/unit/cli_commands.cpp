// The command line against an environment of the tests' own: what is asked, what is shown, with which exit code.
#include "maptrail_version.h"
#include "service/cli/cli.hpp"
#include "tests/unit/cli_sample.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <string>
#include <vector>

using namespace maptrail;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using Strings = std::vector<std::string>;

namespace {

struct World final : Environment {
    std::vector<Operation> operations; ///< in the order of time
    Query asked;
    std::optional<std::string> database;
    Terminal shown_on;
    std::string out;
    std::string err;
    bool reachable = true;
    nlohmann::json answer{{"version", "9.9.9"}, {"counts", {{"stored", 12}, {"later_invention", 3}}}};
    bool reader_gone = false;
    std::size_t rows_given = 0;
    RegistrationFacts registration = good_registration();
    std::optional<ServiceVerb> verb;
    std::optional<RunRequest> ran;

    static RegistrationFacts good_registration() {
        RegistrationFacts facts;
        facts.value = R"(%systemroot%\System32\maptrail-notifyee.dll)";
        facts.value_type = 2;
        facts.native = {R"(C:\Windows\System32\maptrail-notifyee.dll)", true, 0x8664, ""};
        facts.wow64 = {R"(C:\Windows\SysWOW64\maptrail-notifyee.dll)", true, 0x014C, ""};
        return facts;
    }

    struct Source final : HistorySource {
        explicit Source(World& owner) : world(owner) {}
        Reached find(const Query& query, const std::function<bool(const Operation&)>& row) override {
            world.asked = query;
            std::vector<Operation> found = world.operations;
            if (query.newest && found.size() > *query.newest) {
                found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(*query.newest));
            }
            if (query.newest_first) {
                std::ranges::reverse(found);
            }
            for (const Operation& operation : found) {
                ++world.rows_given;
                if (!row(operation)) {
                    break;
                }
            }
            return {};
        }
        World& world;
    };

    bool write_out(std::string_view text) override {
        out += text;
        return !reader_gone;
    }
    void write_error(std::string_view text) override { err += text; }
    Terminal terminal() override { return shown_on; }
    bool errors_on_terminal() override { return false; }
    std::optional<std::string> sid_of_account(const std::string&) override { return std::nullopt; }
    std::int64_t now() override { return sample::moment; }
    ZoneOffset zone() override { return sample::fixed_zone(1); }
    std::unique_ptr<HistorySource> open_history(const std::optional<std::string>& file) override {
        database = file;
        if (file == "missing.db") {
            throw CannotDo("--db: there is no file missing.db");
        }
        if (!reachable && !file) {
            throw Unreachable("The service does not answer. Start it with `maptrail service start`.");
        }
        return std::make_unique<Source>(*this);
    }
    std::filesystem::path config_file() override { throw CannotDo("name the file"); }
    ServiceFacts service_facts() override {
        return {true, reachable ? "running" : "stopped", reachable ? 99U : 0U, ""};
    }
    RegistrationFacts registration_facts() override { return registration; }
    nlohmann::json reload_config() override { return {}; }
    void vacuum(const Retention&) override {}
    nlohmann::json service_status() override {
        if (!reachable) {
            throw Unreachable("The service does not answer.");
        }
        return answer;
    }
    void control_service(ServiceVerb asked_verb, const std::function<void(const std::string&)>& progress) override {
        if (asked_verb == ServiceVerb::stop) {
            throw Failed(
                "OpenService failed: ERROR_ACCESS_DENIED (5): Access is denied. Run this as an administrator.");
        }
        verb = asked_verb;
        progress("Done.");
    }
    int run_service(const RunRequest& request) override {
        ran = request;
        return 17;
    }
};

std::vector<Operation> many(int count) {
    std::vector<Operation> operations;
    for (int i = 1; i <= count; ++i) {
        operations.push_back(sample::plain(i, sample::moment + i * sample::second));
    }
    return operations;
}

auto lines_in(const std::string& text) {
    return std::ranges::count(text, '\n');
}

} // namespace

TEST_CASE("every filter reaches the query") {
    World world;
    world.operations = many(1);
    const Strings args{"history",
                       "--since",
                       "-2h",
                       "-U",
                       "2026-03-05",
                       "--user",
                       "user1",
                       "--user",
                       "CORP\\*",
                       "--remote",
                       "\\\\files\\*",
                       "--drive",
                       "Z",
                       "--exe",
                       "app.exe",
                       "--pid",
                       "4711",
                       "--pid",
                       "0x10",
                       "--action",
                       "Disconnect",
                       "--outcome",
                       "failure",
                       "--outcome",
                       "denied",
                       "--error",
                       "53",
                       "--error",
                       "0x43",
                       "--error",
                       "error_access_denied",
                       "--id",
                       "42",
                       "--id",
                       "0x2b",
                       "--server",
                       "files",
                       "--share",
                       "home*",
                       "--provider",
                       "Web*",
                       "--session",
                       "3",
                       "--session",
                       "remote",
                       "--tag",
                       "nas",
                       "--rule",
                       "no NAS",
                       "--decision",
                       "DENY",
                       "--source",
                       "spool",
                       "-g",
                       "pay",
                       "--raw",
                       "user.name=jane",
                       "mapping.local_name=Z:",
                       "-n",
                       "7",
                       "-r"};
    CHECK(run_cli(args, world) == 0);
    CHECK(world.err.empty());
    CHECK(world.asked.since == sample::moment - 7200 * sample::second);
    CHECK(world.asked.until == 1'772'665'200 * sample::second);
    CHECK(world.asked.users == Strings{"user1", "CORP\\*"});
    CHECK(world.asked.remotes == Strings{"\\\\files\\*"});
    CHECK(world.asked.drives == Strings{"Z"});
    CHECK(world.asked.programs == Strings{"app.exe"});
    CHECK(world.asked.pids == std::vector<std::uint32_t>{4711, 16});
    CHECK(world.asked.actions == std::vector{Action::disconnect});
    CHECK(world.asked.outcomes == std::vector{Outcome::failure, Outcome::denied});
    CHECK(world.asked.errors == std::vector<std::uint32_t>{53, 67, 5});
    CHECK(world.asked.ids == std::vector<std::int64_t>{42, 43});
    CHECK(world.asked.servers == Strings{"files"});
    CHECK(world.asked.shares == Strings{"home*"});
    CHECK(world.asked.providers == Strings{"Web*"});
    CHECK(world.asked.sessions == std::vector<std::uint32_t>{3});
    CHECK(world.asked.session_types == std::vector{SessionType::remote});
    CHECK(world.asked.tags == Strings{"nas"});
    CHECK(world.asked.rules == Strings{"no NAS"});
    CHECK(world.asked.decisions == std::vector{Decision::deny});
    CHECK(world.asked.sources == std::vector{Source::spool});
    CHECK(world.asked.texts == Strings{"pay"});
    CHECK(world.asked.notifications);
    CHECK(world.asked.fields == std::vector<FieldMatch>{{"user.name", "jane"}, {"mapping.local_name", "Z:"}});
    CHECK(world.asked.newest == 7U);
    CHECK(world.asked.newest_first);
    CHECK_FALSE(world.asked.only_user_sid);
}

TEST_CASE("a time ago is a value in every spelling") {
    for (const Strings& since :
         {Strings{"-S", "-2h"}, Strings{"-S-2h"}, Strings{"--since=-2h"}, Strings{"--since", "-2h"}}) {
        World world;
        world.operations = many(1);
        Strings args{"history"};
        args.insert(args.end(), since.begin(), since.end());
        CHECK(run_cli(args, world) == 0);
        CHECK(world.asked.since == sample::moment - 7200 * sample::second);
    }
}

TEST_CASE("without filters everything is asked for, oldest first") {
    World world;
    world.operations = many(120);
    CHECK(run_cli({"history"}, world) == 0);
    CHECK_FALSE(world.asked.newest);
    CHECK_FALSE(world.asked.newest_first);
    CHECK(lines_in(world.out) == 121);
    CHECK(world.err.empty());
}

TEST_CASE("a terminal gets a screenful of the newest and is told of more") {
    World world;
    world.shown_on = {true, 120, false};
    world.operations = many(60);
    CHECK(run_cli({"history"}, world) == 0);
    CHECK(lines_in(world.out) == 51);
    CHECK_THAT(world.err, ContainsSubstring("newest 50"));
    CHECK(world.out.find("06:06:17") == std::string::npos); // the tenth of sixty
    CHECK(world.out.find("06:06:18") < world.out.find("06:07:07"));

    World reversed;
    reversed.shown_on = world.shown_on;
    reversed.operations = world.operations;
    CHECK(run_cli({"history", "-r"}, reversed) == 0);
    CHECK(lines_in(reversed.out) == 51);
    CHECK(reversed.out.find("06:07:07") < reversed.out.find("06:06:18"));
    CHECK(reversed.out.find("06:06:17") == std::string::npos);

    World enough;
    enough.shown_on = world.shown_on;
    enough.operations = many(50);
    CHECK(run_cli({"history"}, enough) == 0);
    CHECK(lines_in(enough.out) == 51);
    CHECK(enough.err.empty());

    for (const Strings& all : {Strings{"history", "-n", "55"}, Strings{"history", "-o", "jsonl"}}) {
        World other;
        other.shown_on = world.shown_on;
        other.operations = many(60);
        CHECK(run_cli(all, other) == 0);
        CHECK(lines_in(other.out) >= 56);
        CHECK(other.err.empty());
    }
}

TEST_CASE("nothing found is 1, with a word on stderr and valid output") {
    for (const auto& [format, output] : {std::pair{"table", ""}, {"json", "[]\n"}, {"jsonl", ""}}) {
        World world;
        CHECK(run_cli({"history", "-S", "today", "-o", format}, world) == 1);
        CHECK(world.out == output);
        CHECK_THAT(world.err, ContainsSubstring("Nothing matches"));
    }
    World world;
    CHECK(run_cli({"history"}, world) == 1);
    CHECK_THAT(world.err, ContainsSubstring("maptrail status"));
}

TEST_CASE("a bad command line is 2, and stderr tells what would be good") {
    const std::vector<std::pair<Strings, std::string>> bad{
        {{}, "Examples"},
        {{"histroy"}, "maptrail help"},
        {{"history", "--nope"}, "--nope"},
        {{"history", "stray"}, "stray"},
        {{"history", "user.nam=x"}, "user.name"},
        {{"history", "--session", "desk"}, "remote"},
        {{"history", "--decision", "maybe"}, "deny"},
        {{"history", "--source", "post"}, "spool"},
        {{"history", "-o", "csv", "--output-fields", "mapping.remote"}, "mapping.remote_name"},
        {{"history", "--output-fields", "user"}, "verbose"},
        {{"history", "-S"}, "--since"},
        {{"history", "-S", "tomorrow"}, "yesterday"},
        {{"history", "-S", "now", "-U", "-2h"}, "not before"},
        {{"history", "-n", "0"}, "from 1 on"},
        {{"history", "-n", "x"}, "number"},
        {{"history", "--pid", "-4"}, "process id"},
        {{"history", "--id", "9223372036854775808"}, "event.id"},
        {{"history", "--action", "mount"}, "disconnect"},
        {{"history", "--outcome", "bad"}, "denied"},
        {{"history", "--error", "ERROR_NOPE"}, "ERROR_BAD_NETPATH"},
        {{"history", "-o", "xml"}, "jsonl"},
        {{"history", "--db", "missing.db"}, "missing.db"},
        {{"status", "-o", "xml"}, "json"},
        {{"service"}, "subcommand"},
        {{"service", "restart"}, "maptrail help"},
    };
    for (const auto& [args, word] : bad) {
        World world;
        world.operations = many(1);
        INFO((args.empty() ? "" : args.back()));
        CHECK(run_cli(args, world) == 2);
        CHECK(world.out.empty());
        CHECK_THAT(world.err, ContainsSubstring(word));
    }
}

TEST_CASE("a service that does not answer is 3") {
    World world;
    world.reachable = false;
    CHECK(run_cli({"history"}, world) == 3);
    CHECK_THAT(world.err, ContainsSubstring("maptrail service start"));
    CHECK(run_cli({"status"}, world) == 3);

    World copied;
    copied.reachable = false;
    copied.operations = many(1);
    CHECK(run_cli({"history", "--db", "copy.db"}, copied) == 0);
    CHECK(copied.database == "copy.db");
}

TEST_CASE("a reader that goes ends the output quietly") {
    for (const char* const format : {"jsonl", "json", "csv"}) {
        World world;
        world.operations = many(1000);
        world.reader_gone = true;
        CHECK(run_cli({"history", "-o", format}, world) == 0);
        CHECK(world.rows_given == 1);
        CHECK(world.err.empty());
    }
}

TEST_CASE("CSV on a terminal carries no control characters") {
    World world;
    world.operations = many(1);
    world.operations[0].remote_name = "\\\\a\x1b[2J\r\nfake,row\n\rb";
    CHECK(run_cli({"history", "-o", "csv"}, world) == 0);
    CHECK(world.out.find('\x1b') != std::string::npos);
    world.out.clear();
    world.shown_on.is_terminal = true;
    CHECK(run_cli({"history", "-o", "csv"}, world) == 0);
    CHECK(world.out.find('\x1b') == std::string::npos);
    CHECK(lines_in(world.out) == 2);
    CHECK(std::ranges::count(world.out, '\r') == 2);
    CHECK_THAT(world.out, ContainsSubstring("\u240d\u240afake"));
}

TEST_CASE("status: all is well") {
    World world;
    world.registration.others.push_back({"odd\x1b[2J", R"(C:\odd.dll)"});
    CHECK(run_cli({"status"}, world) == 0);
    for (const char* const part : {"running, pid 99", "9.9.9", "counts.later_invention", "OK", R"(C:\odd.dll)"}) {
        CHECK_THAT(world.out, ContainsSubstring(part));
    }
    CHECK(world.out.find('\x1b') == std::string::npos);

    world.out.clear();
    CHECK(run_cli({"status", "-o", "json"}, world) == 0);
    const auto json = nlohmann::json::parse(world.out);
    CHECK(json["version"] == MAPTRAIL_VERSION);
    CHECK(json["service"]["reachable"] == true);
    CHECK(json["service"]["answer"]["counts"]["stored"] == 12);
    CHECK(json["registration"]["ok"] == true);
    CHECK(json["registration"]["x64"]["machine"] == "x64");
    CHECK(json["other_notifyees"][0]["path"] == R"(C:\odd.dll)");
}

TEST_CASE("status: losses are told in words, and change no exit code") {
    World world;
    const auto with = [&](std::uint64_t losses, std::uint64_t lost) {
        world.answer["counts"]["losses"] = losses;
        world.answer["counts"]["lost"] = lost;
        world.out.clear();
        CHECK(run_cli({"status"}, world) == 0);
        return world.out;
    };
    CHECK_THAT(with(0, 0), !ContainsSubstring("Losses"));
    CHECK_THAT(with(1, 3),
               ContainsSubstring("Losses          3 notifications never arrived; `maptrail history --action loss`"));
    CHECK_THAT(with(1, 1), ContainsSubstring("1 notification never arrived"));
    CHECK_THAT(with(2, 0), ContainsSubstring("damage was found"));
    world.answer = {{"counts", "none"}};
    CHECK(run_cli({"status"}, world) == 0);
}

TEST_CASE("status: each thing that can be wrong with the registration is 1 and is named") {
    const auto problem = [](auto change, const std::string& word) {
        World world;
        change(world.registration);
        INFO(word);
        CHECK(run_cli({"status"}, world) == 1);
        CHECK_THAT(world.out, ContainsSubstring(word));
        CHECK_FALSE(world.err.empty());
    };
    problem([](RegistrationFacts& f) { f.value.reset(); }, "not registered");
    problem([](RegistrationFacts& f) { f.value_type = 1; }, "REG_EXPAND_SZ");
    problem([](RegistrationFacts& f) { f.value = R"(C:\temp\other.dll)"; }, "other.dll");
    problem([](RegistrationFacts& f) { f.problem = "RegOpenKeyEx failed"; }, "cannot be read");
    problem([](RegistrationFacts& f) { f.native.exists = false; }, "64-bit programs is missing");
    problem([](RegistrationFacts& f) { f.wow64.exists = false; }, "32-bit programs is missing");
    problem([](RegistrationFacts& f) { f.wow64.machine = 0x8664; }, "is for x64, not for x86");
    problem([](RegistrationFacts& f) { f.native.machine = 0; }, "is no DLL");
    problem([](RegistrationFacts& f) { f.native.problem = "ReadFile failed"; }, "ReadFile failed");
}

TEST_CASE("service verbs") {
    World world;
    CHECK(run_cli({"service", "install"}, world) == 0);
    CHECK(world.verb == ServiceVerb::install);
    CHECK(world.err == "Done.\n");
    CHECK(run_cli({"service", "stop"}, world) == 1);
    CHECK_THAT(world.err, ContainsSubstring("administrator"));
    CHECK(run_cli({"service", "run", "--console", "--data", "D:\\x"}, world) == 17);
    REQUIRE(world.ran);
    CHECK(world.ran->console);
    CHECK(world.ran->data_folder == "D:\\x");
}

TEST_CASE("the usage names the program once") {
    for (const Strings& args : {Strings{}, Strings{"help"}, Strings{"--help"}}) {
        World world;
        (void)run_cli(args, world);
        CHECK_THAT(world.out + world.err, ContainsSubstring("Usage: maptrail [OPTIONS]"));
    }
}

TEST_CASE("help and version are answers, on every level") {
    for (const Strings& args :
         {Strings{"--help"}, Strings{"help"}, Strings{"history", "--help"}, Strings{"help", "history"},
          Strings{"help", "service"}, Strings{"help", "service", "install"}, Strings{"status", "-h"}}) {
        World world;
        CHECK(run_cli(args, world) == 0);
        CHECK_THAT(world.out, ContainsSubstring("--help"));
        CHECK(world.err.empty());
    }
    World world;
    CHECK(run_cli({"help", "history"}, world) == 0);
    CHECK_THAT(world.out, ContainsSubstring("--since") && ContainsSubstring("maptrail history -S today"));
    for (const char* const args : {"--version", "version"}) {
        World asked;
        CHECK(run_cli({args}, asked) == 0);
        CHECK_THAT(asked.out, ContainsSubstring("maptrail " MAPTRAIL_VERSION));
    }
}

TEST_CASE("every command has help, and refuses what it does not know") {
    World world;
    const std::vector<ManualPage> pages = manual();
    REQUIRE(pages.size() > 25);
    for (const ManualPage& page : pages) {
        if (page.file == "README.md" || page.file == "help.md") {
            continue;
        }
        std::string name = page.file.substr(0, page.file.size() - 3);
        CAPTURE(name);
        Strings command;
        if (const std::size_t dash = name.find('-'); dash != std::string::npos) {
            command = {name.substr(0, dash), name.substr(dash + 1)};
        } else {
            command = {name};
        }
        Strings args = command;
        args.push_back("--help");
        world.out.clear();
        CHECK(run_cli(args, world) == 0);
        CHECK(world.out.find("-h,--help") != std::string::npos);
        const std::string help = world.out;
        args = command;
        args.insert(args.begin(), "help");
        world.out.clear();
        CHECK(run_cli(args, world) == 0);
        CHECK(world.out.size() == help.size()); // what excludes what comes in any order
        args = command;
        args.push_back("--no-such-option");
        world.out.clear();
        world.err.clear();
        CHECK(run_cli(args, world) == 2);
        CHECK(world.out.empty());
        CHECK(world.err.find("maptrail help") != std::string::npos);
        const std::size_t title = page.text.find("# maptrail ");
        REQUIRE(title != std::string::npos);
        CHECK(page.text.find("-h, --help") != std::string::npos);
    }
}
