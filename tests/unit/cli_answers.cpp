// maptrail stats, errors, state
#include "common/model/windows_error.hpp"
#include "service/answers/error_help.hpp"
#include "tests/unit/answers_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace maptrail;
using namespace maptrail::answers_test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using nlohmann::json;
using AnswerArgs = std::vector<std::string>;

namespace {

constexpr const char* long_share =
    R"(\\a-server-with-a-long-name.department.corp.example\a share with a very long name of its own\and a folder below it)";

void fill_busy(AnswersWorld& world) {
    Operation distant = janes_connect(6, 50);
    distant.remote_name = long_share;
    distant.local_name = "Y:";
    distant.process.path = R"(C:\Program Files (x86)\A Company\A Product\A program with a long name.exe)";
    world.operations = {janes_connect(1, 0),
                        failing_with(janes_connect(2, 10), 53),
                        failing_with(of_bob(janes_connect(3, 20)), 53),
                        denied_by(janes_connect(4, 30), "no NAS"),
                        failing_with(janes_disconnect(5, 40), 2401),
                        distant,
                        failing_with(janes_connect(7, 55), 60'000)};
}

} // namespace

TEST_CASE("stats: counted by each key, as table, JSON and CSV") {
    AnswersWorld world;
    fill_busy(world);
    const std::string text = world.run({"stats"}, 0);
    CHECK(world.err.empty());
    const auto lines = text_lines(text);
    REQUIRE(lines.size() == 3);
    CHECK_THAT(lines[0], ContainsSubstring("TOTAL") && ContainsSubstring("LAST") && ContainsSubstring("USER"));
    CHECK_THAT(lines[1], StartsWith("    6") && ContainsSubstring("CORP\\jane"));
    CHECK_THAT(lines[2], ContainsSubstring("2026-03-04 06:26:07") && ContainsSubstring("CORP\\bob"));

    const json by_error = world.run_json({"stats", "--by", "error", "--failed"}, 0);
    CHECK(world.asked.front().outcomes == std::vector{Outcome::failure, Outcome::denied});
    CHECK(by_error["by"] == "error");
    CHECK(by_error["total"]["total"] == 5);
    CHECK(by_error["rows"][0]["name"] == "ERROR_BAD_NETPATH (53)");
    CHECK(by_error["rows"][0]["failure"] == 2);
    CHECK(by_error["rows"][0]["last"] == "2026-03-04T05:26:07.1234567Z");

    const std::string csv = world.run({"stats", "--by", "RULE", "-o", "csv"}, 0);
    CHECK_THAT(csv, StartsWith("rule,total,success,failure,denied,unknown,first,last\r\n(no rule),6,2,4,0,0,"));
    CHECK_THAT(csv, ContainsSubstring("\r\nno NAS,1,0,0,1,0,"));
    for (const char* const by : {"server", "share", "exe", "hour"}) {
        world.run({"stats", "--by", by}, 0);
        CHECK(text_lines(world.out).size() >= 2);
    }
}

TEST_CASE("stats: CSV gives a spreadsheet no formula, and a terminal no control character") {
    AnswersWorld world;
    world.operations = {janes_connect(1, 0)};
    world.operations[0].process.path = "C:\\=cmd|'x'!A0\x1b[2J.exe";
    CHECK_THAT(world.run({"stats", "--by", "exe", "-o", "csv"}, 0), ContainsSubstring("\r\n'=cmd|"));
    world.shown_on.is_terminal = true;
    CHECK(world.run({"stats", "--by", "exe", "-o", "csv"}, 0).find('\x1b') == std::string::npos);
    CHECK(world.run({"stats", "--by", "exe"}, 0).find('\x1b') == std::string::npos);
}

TEST_CASE("stats: a terminal gets a screenful and is told of more; -n takes the most frequent, of hours the latest") {
    AnswersWorld world;
    for (int i = 0; i < 60; ++i) {
        world.operations.push_back(janes_connect(i + 1, 0));
        world.operations.back().start -= (60 - i) * 3600 * sample::second;
        world.operations.back().remote_name = "\\\\server" + std::to_string(i) + "\\x";
    }
    CHECK(text_lines(world.run({"stats", "--by", "server"}, 0)).size() == 61);
    world.shown_on = {true, 80, false};
    CHECK(text_lines(world.run({"stats", "--by", "server"}, 0)).size() == 51);
    CHECK_THAT(world.err, ContainsSubstring("10 rows more"));
    const json latest = world.run_json({"stats", "--by", "hour", "-n", "2"}, 0);
    CHECK(latest["left_out"] == 58);
    REQUIRE(latest["rows"].size() == 2);
    CHECK(latest["rows"][1]["name"] == "2026-03-04 05:00");
}

TEST_CASE("errors: each with its name, meaning, remedy and an example") {
    AnswersWorld world;
    fill_busy(world);
    const std::string text = world.run({"errors", "-S", "-7d", "--user", "*"}, 0);
    CHECK(world.err.empty());
    CHECK(world.asked.front().since);
    for (const char* const part :
         {"     2", "ERROR_BAD_NETPATH (53)\n", "The server was not found", "Usual remedy: Check the server's name",
          "Seen: 2026-03-04 06:26:07 connect Z: \\\\files\\projects, CORP\\bob", "ERROR_OPEN_FILES (2401)",
          "error 60000", "Windows' documentation", "Denied by MapTrail itself: 1 operation; "}) {
        CHECK_THAT(text, ContainsSubstring(part));
    }
    CHECK(text.find("CORP\\jane, net.exe: failure, ERROR_BAD_NETPATH") == std::string::npos);
    CHECK_THAT(world.run({"errors", "--examples", "2"}, 0),
               ContainsSubstring("CORP\\jane, net.exe: failure, ERROR_BAD_NETPATH"));

    const json answer = world.run_json({"errors", "-n", "1"}, 0);
    CHECK(answer["failures"] == 4);
    CHECK(answer["denied"] == 1);
    REQUIRE(answer["errors"].size() == 1);
    CHECK(answer["errors"][0]["name"] == "ERROR_BAD_NETPATH");
    CHECK(answer["errors"][0]["message"] == "The network path was not found.");
    CHECK(answer["errors"][0]["meaning"] == error_help(53)->meaning);
    CHECK(answer["errors"][0]["examples"][0]["event"]["id"] == "3");
    CHECK_THAT(world.run({"errors", "-o", "csv"}, 0),
               StartsWith("code,name,count,first,last,meaning,remedy\r\n53,ERROR_BAD_NETPATH,2,"));
}

TEST_CASE("state: the connections at a moment, each with the operation that made it") {
    AnswersWorld world;
    fill_busy(world);
    world.operations.push_back(janes_disconnect(8, 58));
    const std::string now = world.run({"state"}, 0);
    CHECK(text_lines(now).size() == 2);
    CHECK_THAT(now, ContainsSubstring("Y:") && ContainsSubstring(long_share) && ContainsSubstring("0x1111"));
    CHECK_FALSE(world.asked.front().until);
    const std::string then = world.run({"state", "--at", "2026-03-04 06:30"}, 0);
    CHECK(text_lines(then).size() == 2);
    CHECK_THAT(then, ContainsSubstring("Z:") && ContainsSubstring("2026-03-04 06:06:07") && ContainsSubstring("4711"));
    const json list = world.run_json({"state", "--drive", "y", "--user", "CORP\\jane"}, 0);
    REQUIRE(list.size() == 1);
    CHECK(list[0]["event"]["id"] == "6");
    CHECK(list[0]["process"]["name"] == "A program with a long name.exe");
    CHECK(text_lines(world.run({"state", "-o", "csv"}, 0)).size() == 2);
    world.run({"state", "-S", "-1m"}, 1);
    CHECK_THAT(world.err, ContainsSubstring("nothing is connected"));
    world.run({"state", "--at", "2026-03-01"}, 1);
    CHECK_THAT(world.err, ContainsSubstring("at that moment"));
    CHECK(world.run_json({"state", "--drive", "Q"}, 1) == json::array());
}

TEST_CASE("stats, errors, state: tables fit 80, 120 and 200 columns; colour on a terminal alone") {
    for (const std::size_t width : {80U, 120U, 200U}) {
        for (const AnswerArgs& args : {AnswerArgs{"stats", "--by", "share"}, AnswerArgs{"stats", "--by", "error"},
                                       AnswerArgs{"errors"}, AnswerArgs{"state"}}) {
            INFO(args.front() << " " << width);
            AnswersWorld world;
            fill_busy(world);
            world.shown_on = {true, width, false};
            const std::string plain = world.run(args, 0);
            check_width(plain, width);
            CHECK(plain.find('\x1b') == std::string::npos);
            // Titles stay over their columns.
            const auto lines = text_lines(plain);
            CHECK_THAT(lines[0], ContainsSubstring(args.front() == "state" ? "REMOTE" : "LAST"));
            if (args.front() == "state") {
                CHECK(display_width(lines[0].substr(0, lines[0].find("DRIVE"))) ==
                      display_width(lines[1].substr(0, lines[1].find("Y:"))));
            }
            world.shown_on.colour = true;
            const std::string coloured = world.run(args, 0);
            CHECK_THAT(coloured, StartsWith("\x1b[1m"));
            CHECK((coloured.find("\x1b[31m") != std::string::npos) == (args.front() != "state"));
            CHECK(world.run({args.front(), "-o", "json"}, 0).find('\x1b') == std::string::npos);
        }
    }
    AnswersWorld file;
    fill_busy(file);
    CHECK_THAT(file.run({"state"}, 0), ContainsSubstring(long_share)); // in a file nothing is cut
}

TEST_CASE("stats, errors, state, why: nothing is 1, a bad command line 2, no service 3") {
    for (const AnswerArgs& args :
         {AnswerArgs{"stats"}, AnswerArgs{"errors"}, AnswerArgs{"state"}, AnswerArgs{"why", "Z:"}}) {
        INFO(args.front());
        AnswersWorld world;
        world.run(args, 1);
        CHECK(world.out.empty());
        CHECK_FALSE(world.err.empty());
        world.run_json(args, 1); // valid all the same

        world.reachable = false;
        world.run(args, 3);
        CHECK_THAT(world.err, ContainsSubstring("maptrail service start"));
        AnswerArgs copied = args;
        copied.insert(copied.end(), {"--db", "copy.db"});
        fill_busy(world);
        world.run(copied, 0);
        CHECK(world.database == "copy.db");
    }
    const std::vector<std::pair<AnswerArgs, std::string>> bad{
        {{"stats", "--by", "colour"}, "server, share"},
        {{"stats", "-n", "0"}, "from 1 on"},
        {{"stats", "-o", "jsonl"}, "csv"},
        {{"stats", "-S", "tomorrow"}, "yesterday"},
        {{"stats", "stray"}, "stray"},
        {{"errors", "--examples", "many"}, "100"},
        {{"errors", "-o", "xml"}, "table, json, csv"},
        {{"state", "--at", "soon"}, "yesterday"},
        {{"state", "-S", "now", "--at", "-1h"}, "not before"},
        {{"state", "-o", "xml"}, "jsonl"},
        {{"why"}, "NAME"},
        {{"why", "Z:", "Y:"}, "Y:"},
        {{"why", "server"}, "neither a drive"},
        {{"why", "*"}, "neither a drive"},
        {{"why", "\\\\"}, "Name a drive"},
        {{"why", "Z:", "--at", "soon"}, "yesterday"},
        {{"why", "Z:", "-o", "csv"}, "text, json"},
    };
    for (const auto& [args, word] : bad) {
        AnswersWorld world;
        fill_busy(world);
        INFO(args.back());
        world.run(args, 2);
        CHECK(world.out.empty());
        CHECK_THAT(world.err, ContainsSubstring(word));
    }
}

TEST_CASE("stats, errors, state, why: help has options, examples and exit codes") {
    for (const auto& [command, option] :
         {std::pair{"stats", "--by"}, {"errors", "--examples"}, {"state", "--at"}, {"why", "--at"}}) {
        AnswersWorld world;
        const std::string help = world.run({"help", command}, 0);
        CHECK_THAT(help, ContainsSubstring(option) && ContainsSubstring("Examples:") &&
                             ContainsSubstring("Exit code: 0") && ContainsSubstring("--db") &&
                             ContainsSubstring("--user"));
        CHECK(world.run({command, "--help"}, 0) == help);
        CHECK_THAT(world.run({"help"}, 0), ContainsSubstring(command));
    }
}
