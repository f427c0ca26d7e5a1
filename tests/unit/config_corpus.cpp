// The files of tests/config: the good are taken, each of the bad is refused with the message beside it.
#include "service/config/config.hpp"
#include "service/config/config_json.hpp"
#include "tests/unit/inbox_helpers.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <string>
#include <vector>

using namespace maptrail;

namespace {

std::string corpus_text(const std::filesystem::path& file) {
    const std::vector<char> bytes = inbox_test::read_file(file);
    return {bytes.begin(), bytes.end()};
}

std::vector<std::filesystem::path> corpus_files(const char* folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::absolute(MAPTRAIL_TEST_CONFIGS) / folder)) {
        if (entry.path().extension() == ".json") {
            files.push_back(entry.path());
        }
    }
    std::ranges::sort(files);
    return files;
}

/// line:column: path: problem
std::string corpus_refusal(const std::string& text) {
    const std::string file = "config.json";
    try {
        (void)parse_config(text, file);
    } catch (const ConfigError& error) {
        return std::string(error.what()).substr(file.size() + 1);
    }
    return "it was taken";
}

} // namespace

TEST_CASE("config: every good file of the corpus is taken, and so is what is shown of it") {
    const auto files = corpus_files("good");
    REQUIRE(files.size() >= 7);
    const std::filesystem::path place = std::filesystem::temp_directory_path() / "config.json"; // an absolute one
    for (const auto& file : files) {
        INFO(file.filename().string());
        Config config;
        REQUIRE_NOTHROW(config = parse_config(corpus_text(file), place));
        const auto shown = config_to_json(config);
        Config again;
        REQUIRE_NOTHROW(again = parse_config(shown.dump(), place));
        CHECK(config_to_json(again) == shown);
    }
}

TEST_CASE("config: every bad file of the corpus is refused with the message beside it") {
    for (const auto& [folder, least] : {std::pair{"bad", 60U}, std::pair{"bad-beyond-schema", 20U}}) {
        const auto files = corpus_files(folder);
        REQUIRE(files.size() >= least);
        for (const auto& file : files) {
            INFO(file.filename().string());
            std::filesystem::path expected = file;
            CHECK(corpus_refusal(corpus_text(file)) + "\n" == corpus_text(expected.replace_extension(".txt")));
        }
    }
}
