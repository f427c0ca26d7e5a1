#include "service/store/open_or_replace.hpp"
#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <fstream>
#include <iterator>

using namespace maptrail;
using namespace maptrail::test;

namespace {

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

} // namespace

TEST_CASE("a damaged history is moved aside whole, and a new one begins") {
    const TemporaryFolder folder;
    const std::filesystem::path file = folder.path() / "history.db";
    const std::string rubbish(20'000, 'x');
    std::ofstream(file, std::ios::binary) << rubbish;
    std::ofstream(std::filesystem::path(file) += "-wal", std::ios::binary) << "wal";

    std::vector<std::string> reports;
    const auto store = open_or_replace_store(
        file, [] { return base_time; }, "host", [&](const std::string& line) { reports.push_back(line); });
    CHECK(store->counts().operations == 0);
    store->record(std::vector<Notification>{connect(1)});
    CHECK(store->counts().operations == 1);
    REQUIRE(reports.size() == 1);
    const std::filesystem::path aside = folder.path() / "history.db.damaged-1700000000";
    CHECK(bytes_of(aside) == rubbish);
    CHECK(bytes_of(std::filesystem::path(aside) += "-wal") == "wal");
    CHECK(reports[0].find("damaged-1700000000") != std::string::npos);
}

TEST_CASE("a history that is whole stays where it is") {
    const TemporaryFolder folder;
    const std::filesystem::path file = folder.path() / "history.db";
    const auto clock = [] { return base_time; };
    open_store(file, StoreMode::read_write, clock, "host")->record(std::vector<Notification>{connect(1)});
    std::vector<std::string> reports;
    const auto store =
        open_or_replace_store(file, clock, "host", [&](const std::string& line) { reports.push_back(line); });
    CHECK(store->counts().operations == 1);
    CHECK(reports.empty());
}

TEST_CASE("a damaged history that can't be moved aside whole stays whole where it is") {
    const TemporaryFolder folder;
    const std::filesystem::path file = folder.path() / "history.db";
    const auto beside = [](std::filesystem::path path, const char* suffix) { return path += suffix; };
    std::ofstream(file, std::ios::binary) << std::string(20'000, 'x');
    std::ofstream(beside(file, "-wal"), std::ios::binary) << "wal";
    std::ofstream(beside(file, "-shm"), std::ios::binary) << "shm";
    // The -wal file can move, the -shm file can't: a folder has its new name.
    const std::filesystem::path aside = folder.path() / "history.db.damaged-1700000000";
    std::filesystem::create_directory(beside(aside, "-shm"));

    int reports = 0;
    CHECK_THROWS_WITH(open_or_replace_store(
                          file, [] { return base_time; }, "host", [&](const std::string&) { ++reports; }),
                      Catch::Matchers::ContainsSubstring("can't be moved aside"));
    CHECK(reports == 0);
    CHECK(bytes_of(file) == std::string(20'000, 'x'));
    CHECK(bytes_of(beside(file, "-wal")) == "wal");
    CHECK(std::filesystem::exists(beside(file, "-shm"))); // SQLite makes its own of it
    CHECK_FALSE(std::filesystem::exists(beside(aside, "-wal")));
    CHECK_FALSE(std::filesystem::exists(aside));
}
