// Usage, help and version, on every level.
#include "maptrail_version.h"
#include "tests/unit/cli_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>
#include <vector>

using namespace maptrail;
using Catch::Matchers::ContainsSubstring;
using maptrail::test::CliWorld;
using Strings = std::vector<std::string>;

TEST_CASE("the usage names the program once") {
    for (const Strings& args : {Strings{}, Strings{"help"}, Strings{"--help"}}) {
        CliWorld world;
        (void)run_cli(args, world);
        CHECK_THAT(world.out + world.err, ContainsSubstring("Usage: maptrail [OPTIONS]"));
    }
}

TEST_CASE("help and version are answers, on every level") {
    for (const Strings& args :
         {Strings{"--help"}, Strings{"help"}, Strings{"history", "--help"}, Strings{"help", "history"},
          Strings{"help", "service"}, Strings{"help", "service", "install"}, Strings{"status", "-h"}}) {
        CliWorld world;
        CHECK(run_cli(args, world) == 0);
        CHECK_THAT(world.out, ContainsSubstring("--help"));
        CHECK(world.err.empty());
    }
    CliWorld world;
    CHECK(run_cli({"help", "history"}, world) == 0);
    CHECK_THAT(world.out, ContainsSubstring("--since") && ContainsSubstring("maptrail history -S today"));
    for (const char* const args : {"--version", "version"}) {
        CliWorld asked;
        CHECK(run_cli({args}, asked) == 0);
        CHECK_THAT(asked.out, ContainsSubstring("maptrail " MAPTRAIL_VERSION));
    }
}

TEST_CASE("every command has help, and refuses what it does not know") {
    CliWorld world;
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