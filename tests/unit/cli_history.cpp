// `maptrail history`: what is asked, what is shown, with which exit code.
#include "tests/unit/cli_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace maptrail;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using maptrail::test::CliWorld;
using Strings = std::vector<std::string>;

namespace {

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
    CliWorld world;
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
        CliWorld world;
        world.operations = many(1);
        Strings args{"history"};
        args.insert(args.end(), since.begin(), since.end());
        CHECK(run_cli(args, world) == 0);
        CHECK(world.asked.since == sample::moment - 7200 * sample::second);
    }
}

TEST_CASE("without filters everything is asked for, oldest first") {
    CliWorld world;
    world.operations = many(120);
    CHECK(run_cli({"history"}, world) == 0);
    CHECK_FALSE(world.asked.newest);
    CHECK_FALSE(world.asked.newest_first);
    CHECK(lines_in(world.out) == 121);
    CHECK(world.err.empty());
}

TEST_CASE("a terminal gets a screenful of the newest and is told of more") {
    CliWorld world;
    world.shown_on = {true, 120, false};
    world.operations = many(60);
    CHECK(run_cli({"history"}, world) == 0);
    CHECK(lines_in(world.out) == 51);
    CHECK_THAT(world.err, ContainsSubstring("newest 50"));
    CHECK(world.out.find("06:06:17") == std::string::npos); // the tenth of sixty
    CHECK(world.out.find("06:06:18") < world.out.find("06:07:07"));

    CliWorld reversed;
    reversed.shown_on = world.shown_on;
    reversed.operations = world.operations;
    CHECK(run_cli({"history", "-r"}, reversed) == 0);
    CHECK(lines_in(reversed.out) == 51);
    CHECK(reversed.out.find("06:07:07") < reversed.out.find("06:06:18"));
    CHECK(reversed.out.find("06:06:17") == std::string::npos);

    CliWorld enough;
    enough.shown_on = world.shown_on;
    enough.operations = many(50);
    CHECK(run_cli({"history"}, enough) == 0);
    CHECK(lines_in(enough.out) == 51);
    CHECK(enough.err.empty());

    for (const Strings& all : {Strings{"history", "-n", "55"}, Strings{"history", "-o", "jsonl"}}) {
        CliWorld other;
        other.shown_on = world.shown_on;
        other.operations = many(60);
        CHECK(run_cli(all, other) == 0);
        CHECK(lines_in(other.out) >= 56);
        CHECK(other.err.empty());
    }
}

TEST_CASE("nothing found is 1, with a word on stderr and valid output") {
    for (const auto& [format, output] : {std::pair{"table", ""}, {"json", "[]\n"}, {"jsonl", ""}}) {
        CliWorld world;
        CHECK(run_cli({"history", "-S", "today", "-o", format}, world) == 1);
        CHECK(world.out == output);
        CHECK_THAT(world.err, ContainsSubstring("Nothing matches"));
    }
    CliWorld world;
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
        CliWorld world;
        world.operations = many(1);
        INFO((args.empty() ? "" : args.back()));
        CHECK(run_cli(args, world) == 2);
        CHECK(world.out.empty());
        CHECK_THAT(world.err, ContainsSubstring(word));
    }
}

TEST_CASE("a service that does not answer is 3") {
    CliWorld world;
    world.reachable = false;
    CHECK(run_cli({"history"}, world) == 3);
    CHECK_THAT(world.err, ContainsSubstring("maptrail service start"));
    CHECK(run_cli({"status"}, world) == 3);

    CliWorld copied;
    copied.reachable = false;
    copied.operations = many(1);
    CHECK(run_cli({"history", "--db", "copy.db"}, copied) == 0);
    CHECK(copied.database == "copy.db");
}

TEST_CASE("a reader that goes ends the output quietly") {
    for (const char* const format : {"jsonl", "json", "csv"}) {
        CliWorld world;
        world.operations = many(1000);
        world.reader_gone = true;
        CHECK(run_cli({"history", "-o", format}, world) == 0);
        CHECK(world.rows_given == 1);
        CHECK(world.err.empty());
    }
}

TEST_CASE("CSV on a terminal carries no control characters") {
    CliWorld world;
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
