#include "service/config/config_file.hpp"
#include "tests/unit/inbox_helpers.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>

using namespace maptrail;
using inbox_test::Folder;

namespace {

#ifdef _WIN32
constexpr std::string_view folder_text = R"("D:\\Trail \u00dc")";
const std::filesystem::path folder_path = u8"D:\\Trail \u00DC";
#else
constexpr std::string_view folder_text = R"("/srv/Trail \u00dc")";
const std::filesystem::path folder_path = u8"/srv/Trail \u00DC";
#endif

Config parse(std::string_view text) {
    return parse_config(text, std::filesystem::path("somewhere") / "config.json");
}

void check_defaults(const Config& config) {
    CHECK(config.version == 1);
    CHECK(config.budget_ms == 50);
    CHECK(config.log.level == LogLevel::info);
    CHECK(config.log.max_size_mib == 10);
    CHECK(config.log.files == 5);
    CHECK(config.retention.days == 365);
    CHECK(config.inbox.size_mib == 64);
    CHECK(config.inbox.flush_ms == 250);
    CHECK(config.no_answer == wire::NoAnswer::allow);
    CHECK(config.spool.max_file_kib == 1024);
    CHECK(config.spool.max_process_mib == 16);
}

} // namespace

TEST_CASE("config: an empty object gives the defaults") {
    const Config config = parse("{}");
    check_defaults(config);
    CHECK(config.data_folder == "somewhere");
}

TEST_CASE("config: every key is read") {
    const Config config = parse(R"({
        // one comment
        "version": 1, "dataFolder": )" +
                                std::string(folder_text) + R"(, "budgetMs": 5 /* another, with "quotes" and , and : */,
        "log": {"level": "trace", "maxSizeMiB": 1024, "files": 1},
        "retention": {"days": 0},
        "inbox": {"sizeMiB": 1, "flushMs": 60000},
        "whenNoAnswer": "denyConnect",
        "spool": {"maxFileKiB": 64, "maxProcessMiB": 1024}
    })");
    CHECK(config.data_folder == folder_path);
    CHECK(config.budget_ms == 5);
    CHECK(config.log.level == LogLevel::trace);
    CHECK(config.log.max_size_mib == 1024);
    CHECK(config.log.files == 1);
    CHECK(config.retention.days == 0);
    CHECK(config.inbox.size_mib == 1);
    CHECK(config.inbox.flush_ms == 60000);
    CHECK(config.no_answer == wire::NoAnswer::deny_connect);
    CHECK(config.spool.max_file_kib == 64);
    CHECK(config.spool.max_process_mib == 1024);
}

TEST_CASE("config: each level has its word") {
    CHECK(parse(R"({"log":{"level":"debug"}})").log.level == LogLevel::debug);
    CHECK(parse(R"({"log":{"level":"info"}})").log.level == LogLevel::info);
    CHECK(parse(R"({"log":{"level":"warn"}})").log.level == LogLevel::warn);
    CHECK(parse(R"({"log":{"level":"error"}})").log.level == LogLevel::error);
    CHECK(parse(R"({"log":{"level":"off"}})").log.level == LogLevel::off);
}

TEST_CASE("config: that connections go on without an answer can be said, too") {
    CHECK(parse(R"({"whenNoAnswer": "allow"})").no_answer == wire::NoAnswer::allow);
}

TEST_CASE("config: a byte order mark and Windows' line ends are fine") {
    CHECK(parse("\xEF\xBB\xBF{\r\n\"budgetMs\": 60\r\n}\r\n").budget_ms == 60);
}

TEST_CASE("config: no file means defaults, and that is told") {
    const Folder folder;
    const LoadedConfig loaded = load_config(folder / "config.json");
    CHECK_FALSE(loaded.from_file);
    check_defaults(loaded.config);
    CHECK(loaded.config.data_folder == std::filesystem::absolute(folder.path()));
}

TEST_CASE("config: a file is read, and its folder is the data's") {
    const Folder folder;
    const std::string text = R"({"budgetMs": 70})";
    inbox_test::write_file(folder / "config.json", {text.begin(), text.end()});
    const LoadedConfig loaded = load_config(folder / "config.json");
    CHECK(loaded.from_file);
    CHECK(loaded.config.budget_ms == 70);
    CHECK(loaded.config.data_folder == std::filesystem::absolute(folder.path()));
}
