#include "service/log/log.hpp"
#include "service/log/one_line.hpp"
#include "service/text/utf.hpp"
#include "tests/unit/inbox_helpers.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <thread>

using namespace maptrail;
using Catch::Matchers::ContainsSubstring;
using inbox_test::Folder;

namespace {

std::string text_of(const std::filesystem::path& file) {
    const auto bytes = inbox_test::read_file(file);
    return {bytes.begin(), bytes.end()};
}

LogSettings settings_for(const Folder& folder) {
    LogSettings settings;
    settings.file = log_file_in(folder.path() / std::filesystem::path(u8"D\u00E4ten \u4E2D"));
    return settings;
}

} // namespace

TEST_CASE("log: a line has time, level and message, in a folder of any name") {
    const Folder folder;
    const LogSettings settings = settings_for(folder);
    auto log = open_log(settings);
    log->info("the service \xC3\xBC {} %v started");
    log->debug("not this one");
    log->flush();
    const std::string text = text_of(settings.file);
    CHECK_THAT(text, ContainsSubstring("Z info    [") && ContainsSubstring("] the service \xC3\xBC {} %v started"));
    CHECK_THAT(text, !ContainsSubstring("not this one"));
    CHECK(std::ranges::count(text, '\n') == 1);
    CHECK(text[4] == '-');
    CHECK(text[10] == 'T');
}

TEST_CASE("log: a warning reaches the file at once, the rest within a second or so") {
    const Folder folder;
    const LogSettings settings = settings_for(folder);
    auto log = open_log(settings);
    log->warn("now");
    CHECK_THAT(text_of(settings.file), ContainsSubstring("now"));
    log->info("later");
    std::string text;
    for (int i = 0; i < 100 && text.find("later") == std::string::npos; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        text = text_of(settings.file);
    }
    CHECK_THAT(text, ContainsSubstring("later"));
}

TEST_CASE("log: what is written when it closes is there") {
    const Folder folder;
    const LogSettings settings = settings_for(folder);
    open_log(settings)->info("last words");
    CHECK_THAT(text_of(settings.file), ContainsSubstring("last words"));
    open_log(settings)->info("next life");
    CHECK_THAT(text_of(settings.file), ContainsSubstring("last words") && ContainsSubstring("next life"));
}

TEST_CASE("log: each level takes itself and what is worse") {
    const Folder folder;
    LogSettings settings = settings_for(folder);
    for (const LogLevel level : {LogLevel::trace, LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error}) {
        settings.level = level;
        const auto log = open_log(settings);
        for (const LogLevel other :
             {LogLevel::trace, LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error}) {
            CHECK(log->takes(other) == (other >= level));
        }
    }
    settings.level = LogLevel::off;
    CHECK_FALSE(open_log(settings)->takes(LogLevel::error));
    CHECK_FALSE(open_log(settings)->takes(LogLevel::off));
}

TEST_CASE("log: the file is turned over, and old ones go") {
    const Folder folder;
    LogSettings settings = settings_for(folder);
    settings.max_size_mib = 1;
    settings.files = 2;
    auto log = open_log(settings);
    const std::string line(8000, 'x');
    for (int i = 0; i < 3 * 140; ++i) {
        log->info(line);
    }
    log.reset();
    const auto logs = settings.file.parent_path();
    CHECK(std::filesystem::file_size(settings.file) <= 1024 * 1024);
    CHECK(std::filesystem::exists(logs / "maptrail.1.log"));
    CHECK_FALSE(std::filesystem::exists(logs / "maptrail.2.log"));
}

TEST_CASE("log: a folder that cannot be made is named") {
    const Folder folder;
    inbox_test::write_file(folder / "file", {'x'});
    LogSettings settings;
    settings.file = log_file_in(folder / "file");
    CHECK_THROWS_AS(open_log(settings), LogError);
    settings.file = folder.path(); // a folder where the file should be
    CHECK_THROWS_AS(open_log(settings), LogError);
}

TEST_CASE("log: a message is one line, whatever it holds") {
    CHECK(one_line("C:\\new\\table") == "C:\\new\\table");
    CHECK(one_line("a\nb\r\tc") == "a\\x0Ab\\x0D\\x09c");
    CHECK(one_line(std::string_view("a\0b\x1B[31m\x7F", 9)) == "a\\x00b\\x1B[31m\\x7F");
    CHECK(one_line("\xC2\x85 \xE2\x80\xA8 \xE2\x80\xAE \xE2\x81\xA6") == "\\x85 \\u2028 \\u202E \\u2066");
    CHECK(one_line("\xC3\xBC \xF0\x9F\x98\x80") == "\xC3\xBC \xF0\x9F\x98\x80");
    CHECK(one_line("a\xFF"
                   "b") == "a\xEF\xBF\xBD"
                           "b");
    const std::string cut = one_line(std::string(100000, 'x'));
    CHECK(cut.size() < max_log_message + 100);
    CHECK_THAT(cut, ContainsSubstring("(83616 bytes more)"));
    for (int c = 0; c < 256; ++c) {
        const std::string line = one_line(std::string(1, static_cast<char>(c)));
        CHECK(std::ranges::none_of(line, [](char ch) { return static_cast<unsigned char>(ch) < 0x20; }));
        CHECK(is_valid_utf8(line));
    }
    const Folder folder;
    const LogSettings settings = settings_for(folder);
    open_log(settings)->error("user\n2024-01-01T00:00:00.000Z info forged");
    const std::string text = text_of(settings.file);
    CHECK(std::ranges::count(text, '\n') == 1);
}
