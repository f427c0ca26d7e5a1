// `maptrail status` and `maptrail service`: what is shown, with which exit code.
#include "maptrail_version.h"
#include "tests/unit/cli_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>

using namespace maptrail;
using Catch::Matchers::ContainsSubstring;
using maptrail::test::CliWorld;

TEST_CASE("status: all is well") {
    CliWorld world;
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
    CliWorld world;
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
        CliWorld world;
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
    CliWorld world;
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
