// Each bad file is refused with its place, its key, and words that help.
#include "service/config/config_file.hpp"
#include "tests/unit/inbox_helpers.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace maptrail;
using namespace std::string_literals;
using Catch::Matchers::ContainsSubstring;
using inbox_test::Folder;

namespace {

struct Bad {
    std::string text;
    std::size_t line;
    std::size_t column;
    std::string path;
    std::string says;
};

/// [0][0]... of 32 lists in each other.
const std::string deep_path = [] {
    std::string path;
    for (int depth = 0; depth < 32; ++depth) {
        path += "[0]";
    }
    return path;
}();

const std::vector<Bad> bad_files{
    // Not JSON
    {"", 1, 1, "", "found no content"},
    {" \n\t\n", 3, 1, "", "found no content"},
    {"// nothing\n", 2, 1, "", "found no content"},
    {"\xEF\xBB\xBF", 1, 1, "", "found no content"},
    {"\xFF\xFE{\0}\0"s, 1, 1, "", "UTF-16"},
    {"\xFE\xFF\0{\0}"s, 1, 1, "", "UTF-16"},
    {"{\0}\0"s, 1, 1, "", "UTF-16"},
    {"{} // the end\n\0{"s, 2, 1, "", "zero byte"},
    {"// x\0{\"version\": 9}"s, 1, 5, "", "zero byte"},
    {"// x\r{\"version\": 9}", 1, 18, "version", "found 9"}, // a line end for the parser, not for the count
    {"\xEF\xBB\xBF{\"budgetMs\": x}", 1, 14, "budgetMs", "invalid literal"},
    {"{", 1, 2, "", "unexpected end of input"},
    {"{\n  \"budgetMs\": 50,\n}", 3, 1, "", "unexpected '}'"},
    {"{\"budgetMs\" 50}", 1, 13, "budgetMs", "unexpected number"},
    {"{\"budgetMs\": 50 \"log\": {}}", 1, 17, "", "unexpected string"},
    {"{\"budgetMs\": 50}\n}", 2, 1, "", "unexpected '}'"},
    {"{\"log\": {\"level\": \"info\"}", 1, 26, "", "unexpected end of input"},
    {"{\"log\": {\"level\": info}}", 1, 19, "log.level", "invalid literal"},
    {"{'budgetMs': 50}", 1, 2, "", "invalid literal"},
    {"{budgetMs: 50}", 1, 2, "", "invalid literal"},
    {"{\"budgetMs\": 050}", 1, 15, "", "unexpected number"},
    {"{\"budgetMs\": +50}", 1, 14, "budgetMs", "invalid literal"},
    {"{\"budgetMs\": 1e999}", 1, 14, "budgetMs", "number overflow"},
    {"{\"budgetMs\": NaN}", 1, 14, "budgetMs", "invalid literal"},
    {"{\"budgetMs\": }", 1, 14, "budgetMs", "unexpected '}'"},
    {"{} /* no end", 1, 13, "", "comment"},
    {"{\n \"dataFolder\": \"D:\\Trail\"}", 2, 20, "dataFolder", "a backslash in a path is written twice"},
    {"{\n \"dataFolder\": \"C:\\users\"}", 2, 21, "dataFolder", "a backslash in a path is written twice"},
    {"{\"dataFolder\": \"abc\n\"}", 1, 20, "dataFolder", "control character"},
    {"{\"dataFolder\": \"/a\xFF\"}", 1, 19, "dataFolder", "UTF-8"},
    {"{\"dataFolder\": \"/\xC0\xAF\"}", 1, 18, "dataFolder", "UTF-8"},
    {"{\"dataFolder\": \"/\\ud800\"}", 1, 24, "dataFolder", "surrogate"},
    {std::string(100000, '['), 1, 33, deep_path, "too deep"},
    // JSON, of another kind
    {"[]", 1, 1, "", "found an array; expected an object"},
    {"\n  null", 2, 3, "", "found null; expected an object"},
    {"\"x\"", 1, 1, "", "found \"x\"; expected an object"},
    {"{\"log\": 5}", 1, 9, "log", "found 5; expected an object"},
    {"{\"log\": [{}]}", 1, 9, "log", "found an array; expected an object"},
    {"{\"inbox\": null}", 1, 11, "inbox", "found null; expected an object"},
    // Keys
    {"{\"retension\": {\"days\": 3}}", 1, 2, "retension", "unknown key \"retension\"; did you mean \"retention\"?"},
    {"{\n  \"BudgetMS\": 50\n}", 2, 3, "BudgetMS", "did you mean \"budgetMs\"?"},
    {"{\"log\": {\"levle\": \"info\"}}", 1, 10, "log.levle", "did you mean \"level\"?"},
    {"{\"log\": {/* \" */\"maxSizeMB\": 3}}", 1, 17, "log.maxSizeMB", "did you mean \"maxSizeMiB\"?"},
    {"{\"colour\": 1}", 1, 2, "colour", "expected one of \"version\", \"dataFolder\""},
    {"{\"retention\": {\"\": 1}}", 1, 16, "retention.", "unknown key \"\"; expected one of \"days\""},
    {"{\"a\\nb\": 1}", 1, 2, "a\\x0Ab", "unknown key \"a\\x0Ab\""},
    {"{\"budgetMs\": 50,\n \"budgetMs\": 50}", 2, 2, "budgetMs", "is there twice"},
    {"{\"log\": {\"files\": 2, \"level\": \"off\", \"fil\\u0065s\": 2}}", 1, 38, "log.files", "is there twice"},
    // Values
    {"{\"version\": 2}", 1, 13, "version", "found 2; expected 1"},
    {"{\"version\": \"1\"}", 1, 13, "version", "found \"1\"; expected 1"},
    {"{\"version\": 2, \"future\": 1}", 1, 16, "future", "unknown key"},
    {"{\"budgetMs\": \"50\"}", 1, 14, "budgetMs", "found \"50\"; expected a whole number from 5 to 5000"},
    {"{\"budgetMs\": 4}", 1, 14, "budgetMs", "found 4; expected a whole number from 5 to 5000"},
    {"{\"budgetMs\": 5001}", 1, 14, "budgetMs", "found 5001"},
    {"{\"budgetMs\": -1}", 1, 14, "budgetMs", "found -1"},
    {"{\"budgetMs\": 1e99}", 1, 14, "budgetMs", "found 1e99"},
    {"{\"budgetMs\": 50.5}", 1, 14, "budgetMs", "found 50.5"},
    {"{\"budgetMs\": 4294967346}", 1, 14, "budgetMs", "found 4294967346"}, // 50, if it were cut to 32 bits
    {"{\"budgetMs\": 99999999999999999999999}", 1, 14, "budgetMs", "found 99999999999999999999999"},
    {"{\"budgetMs\": true}", 1, 14, "budgetMs", "found true"},
    {"{\"budgetMs\": [50]}", 1, 14, "budgetMs", "found an array"},
    {"{\"log\": {\"level\": \"wran\"}}", 1, 19, "log.level", "did you mean \"warn\"?"},
    {"{\"log\": {\"level\": \"INFO\"}}", 1, 19, "log.level", "did you mean \"info\"?"},
    {"{\"log\": {\"level\": 3}}", 1, 19, "log.level", "found 3; expected one of \"trace\", \"debug\""},
    {"{\"log\":\n{\"maxSizeMiB\":0}}", 2, 15, "log.maxSizeMiB", "from 1 to 1024"},
    {"{\"log\": {\"files\": 101}}", 1, 19, "log.files", "from 1 to 100"},
    {"{\"retention\": {\"days\": 36501}}", 1, 24, "retention.days", "from 0 to 36500"},
    {"{\"retention\": {\"days\": null}}", 1, 24, "retention.days", "found null"},
    {"{\"inbox\": {\"sizeMiB\": 1025}}", 1, 23, "inbox.sizeMiB", "from 1 to 1024"},
    {"{\"inbox\": {\"sizeMiB\": 0}}", 1, 23, "inbox.sizeMiB", "from 1 to 1024"},
    {"{\"inbox\": {\"flushMs\": 9}}", 1, 23, "inbox.flushMs", "from 10 to 60000"},
    {"{\"whenNoAnswer\": \"denyconnect\"}", 1, 18, "whenNoAnswer", "did you mean \"denyConnect\"?"},
    {"{\"whenNoAnswer\": \"deny\"}", 1, 18, "whenNoAnswer", "expected one of \"allow\", \"denyConnect\""},
    {"{\"whenNoAnswer\": false}", 1, 18, "whenNoAnswer", "found false"},
    {"{\"spool\": {\"maxFileKiB\": 63}}", 1, 26, "spool.maxFileKiB", "from 64 to 16384"},
    {"{\"spool\": {\"maxFileKiB\": 16385}}", 1, 26, "spool.maxFileKiB", "from 64 to 16384"},
    {"{\"spool\": {\"maxProcessMiB\": 0}}", 1, 29, "spool.maxProcessMiB", "from 1 to 1024"},
    {"{\"spool\": {\"maxProcessMiB\": 1025}}", 1, 29, "spool.maxProcessMiB", "from 1 to 1024"},
    {"{\"spool\": {\"maxFileMiB\": 1}}", 1, 12, "spool.maxFileMiB", "did you mean \"maxFileKiB\"?"},
    {"{/* \xC3\xBC */ \"inbox\": {\"flushMs\": 9}}", 1, 31, "inbox.flushMs",
     "from 10 to 60000"}, // columns are characters
    {"{\"budgetMs\": 50/* 1 */, /**/ \"inbox\" /* : */ : // x\n {\"flushMs\":9}}", 2, 13, "inbox.flushMs", "found 9"},
    {"{\"dataFolder\": \"\"}", 1, 16, "dataFolder", "found \"\"; expected the absolute path"},
    {"{\"dataFolder\": \"data\"}", 1, 16, "dataFolder", "found \"data\"; expected the absolute path"},
    {"{\"dataFolder\": \"C:data\"}", 1, 16, "dataFolder", "expected the absolute path"},
    {"{\"dataFolder\": \"%ProgramData%\\\\x\"}", 1, 16, "dataFolder", "expected the absolute path"},
    {"{\"dataFolder\": \"\\\\\\\\server\\\\share\"}", 1, 16, "dataFolder", "on a local disk"},
    {"{\"dataFolder\": \"//server/share\"}", 1, 16, "dataFolder", "on a local disk"},
    {"{\"dataFolder\": \"D:\\new\"}", 1, 16, "dataFolder", "a backslash in a path is written twice"},
    {"{\"dataFolder\": \"/a\\u0000b\"}", 1, 16, "dataFolder", "without control characters"},
    {"{\"dataFolder\": \"/" + std::string(300, 'a') + "\"}", 1, 16, "dataFolder", "at most 200 bytes"},
    {"{\"dataFolder\": 5}", 1, 16, "dataFolder", "found 5; expected the absolute path"},
    {"{\"dataFolder\": {}}", 1, 16, "dataFolder", "found an object"},
};

std::string message_of(const std::filesystem::path& file) {
    try {
        (void)load_config(file);
    } catch (const ConfigError& error) {
        CHECK(error.line() == 0);
        return error.what();
    }
    return "no error";
}

} // namespace

TEST_CASE("config: a bad file is refused, with its place") {
    const Bad& bad = bad_files[GENERATE(range(std::size_t{0}, bad_files.size()))];
    INFO(bad.text.substr(0, 200));
    try {
        (void)parse_config(bad.text, "folder/config.json");
        FAIL("taken");
    } catch (const ConfigError& error) {
        INFO(error.what());
        CHECK(error.line() == bad.line);
        CHECK(error.column() == bad.column);
        CHECK(error.path() == bad.path);
        CHECK_THAT(error.problem(), ContainsSubstring(bad.says));
        const std::string what = error.what();
        CHECK(what.starts_with("folder/config.json:" + std::to_string(bad.line) + ":" + std::to_string(bad.column) +
                               ": "));
        CHECK(what.find_first_of("\r\n") == std::string::npos);
        CHECK(what.size() < 1000);
    }
}

TEST_CASE("config: a file that cannot be read is named") {
    const Folder folder;
    std::filesystem::create_directory(folder / "config.json");
    CHECK_THAT(message_of(folder / "config.json"),
               ContainsSubstring("config.json: found something that is no file; expected"));
    inbox_test::write_file(folder / "huge.json", std::vector<char>(max_config_size + 1, ' '));
    CHECK_THAT(message_of(folder / "huge.json"), ContainsSubstring("huge.json: found more than 1 MiB"));
}

TEST_CASE("config: an error in a file says the file's whole name") {
    const Folder folder;
    const std::string text = "{\n\"log\": {\"level\": \"loud\"}}";
    inbox_test::write_file(folder / "config.json", {text.begin(), text.end()});
    try {
        (void)load_config(folder / "config.json");
        FAIL("taken");
    } catch (const ConfigError& error) {
        const std::u8string name = std::filesystem::absolute(folder / "config.json").u8string();
        CHECK(error.what() == std::string(name.begin(), name.end()) +
                                  ":2:18: log.level: found \"loud\"; expected one of \"trace\", \"debug\", \"info\", "
                                  "\"warn\", \"error\", \"off\"");
    }
}

TEST_CASE("config: no prefix of a good file crashes, and none is taken for good") {
    const std::string good =
        R"({"version": 1, /* c */ "log": {"level": "info", "files": 3}, "inbox": {"sizeMiB": 10}})";
    CHECK_NOTHROW(parse_config(good, "c"));
    for (std::size_t size = 0; size < good.size(); ++size) {
        CHECK_THROWS_AS(parse_config(good.substr(0, size), "c"), ConfigError);
    }
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (int byte = 0; byte < 256; byte += 3) {
            std::string text = good;
            text[at] = static_cast<char>(byte);
            try {
                (void)parse_config(text, "c");
            } catch (const ConfigError& error) {
                REQUIRE(error.line() >= 1);
            }
        }
    }
}
