#include "service/format/table_cells.hpp"
#include "service/format/table_layout.hpp"
#include "service/format/writer.hpp"
#include "service/text/text.hpp"
#include "tests/unit/cli_sample.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

using namespace maptrail;

namespace {

std::vector<std::string> table_of(const std::vector<Operation>& operations, std::optional<std::size_t> width,
                                  bool colour = false) {
    std::string text;
    const auto writer = make_table_writer(
        [&](std::string_view part) {
            text += part;
            return true;
        },
        {.width = width, .colour = colour, .now = sample::moment, .zone = sample::fixed_zone(1)});
    for (const Operation& operation : operations) {
        REQUIRE(writer->write(operation));
    }
    REQUIRE(writer->finish());
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        REQUIRE(end != std::string::npos);
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

/// The column of the terminal at which `part` starts.
int column_of(const std::string& line, const std::string& part) {
    const std::size_t at = line.find(part);
    INFO(line << " has no " << part);
    REQUIRE(at != std::string::npos);
    return display_width(line.substr(0, at));
}

std::vector<Operation> varied() {
    std::vector<Operation> operations{sample::full(), sample::plain(2, sample::moment + sample::second)};
    Operation wide = sample::full();
    wide.identity.user_name = "利用者一";
    wide.remote_name = R"(\\ファイル\営業部\見積書と請求書と納品書\二千二十六年度)";
    wide.error = 1219;
    operations.push_back(wide);
    Operation combined = sample::full();
    combined.identity.user_name = "cafe\u0301";
    combined.outcome = Outcome::denied;
    combined.process.path = R"(C:\Program Files (x86)\A Company\A Product\A program with a long name.exe)";
    operations.push_back(combined);
    Operation empty;
    empty.id = 5;
    operations.push_back(empty);
    return operations;
}

} // namespace

TEST_CASE("a table fits the terminal and its columns line up") {
    for (const std::size_t width : {40U, 60U, 80U, 99U, 100U, 120U, 159U, 160U, 200U, 400U}) {
        const auto lines = table_of(varied(), width);
        REQUIRE(lines.size() == 6);
        for (const std::string& line : lines) {
            INFO(width << ": " << line);
            CHECK(display_width(line) <= static_cast<int>(width));
        }
        const int result = column_of(lines[0], "RESULT");
        CHECK(column_of(lines[2], "success") == result);
        CHECK(column_of(lines[4], "denied") == result);
        CHECK(column_of(lines[5], "unknown") == result);
    }
}

TEST_CASE("80 columns hold who, what, where from, with which program and result") {
    const auto lines = table_of({sample::full(), sample::plain(2, sample::moment)}, 80);
    REQUIRE(lines.size() == 3);
    CHECK(lines[0] == "TIME           USER  ACTION  DRIVE REMOTE           RESULT   PROGRAM");
    CHECK(lines[1] == R"(03-04 06:06:07 user1 connect Z:    \\files\projects error 53 app.exe)");
    CHECK(lines[2] == R"(03-04 06:06:07 user1 connect Z:    \\files\projects success  app.exe)");
}

TEST_CASE("120 columns add the date, the domain, the error's name and the process id") {
    const auto lines = table_of({sample::full()}, 120);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == "TIME                 USER        ACTION   DRIVE  REMOTE            RESULT                "
                      "PROGRAM   PID");
    CHECK(lines[1] == R"(2026-03-04 06:06:07  CORP\user1  connect  Z:     \\files\projects  ERROR_BAD_NETPATH 53  )"
                      R"(app.exe  4711)");
}

TEST_CASE("200 columns add the id, the duration and the whole path") {
    const auto lines = table_of({sample::full()}, 200);
    REQUIRE(lines.size() == 2);
    CHECK(lines[1] == R"(42  2026-03-04 06:06:07  12.3 ms  CORP\user1  connect  Z:     \\files\projects  )"
                      R"(ERROR_BAD_NETPATH 53  C:\Program Files\App\app.exe  4711)");
}

TEST_CASE("without a terminal nothing is cut, also after the rows that were measured") {
    std::vector<Operation> operations;
    for (int i = 0; i < 300; ++i) {
        operations.push_back(sample::plain(i, sample::moment));
    }
    operations.back().remote_name = R"(\\server\)" + std::string(500, 'x') + "end";
    const auto lines = table_of(operations, std::nullopt);
    REQUIRE(lines.size() == 301);
    CHECK(lines[300].find("xend") != std::string::npos);
    CHECK(lines[300].find("…") == std::string::npos);
}

TEST_CASE("a hostile name stays in its cell") {
    Operation o = sample::full();
    o.remote_name = "\\\\a\r\nfake line\x1b[2J\u202egnp.exe";
    for (const std::optional<std::size_t> width : {std::optional<std::size_t>(80), std::optional<std::size_t>()}) {
        const auto lines = table_of({o}, width);
        REQUIRE(lines.size() == 2);
        CHECK(lines[1].find('\x1b') == std::string::npos);
        CHECK(lines[1].find('\r') == std::string::npos);
        CHECK(lines[1].find("\u202e") == std::string::npos);
    }
}

TEST_CASE("an inferred remote name says so") {
    Operation o = sample::full();
    o.action = Action::disconnect;
    o.remote_from = RemoteFrom::record;
    CHECK(table_of({o}, 120)[1].find(R"(\\files\projects (inferred))") != std::string::npos);
    o.remote_from = RemoteFrom::device;
    CHECK(table_of({o}, 120)[1].find("inferred") == std::string::npos);
}

TEST_CASE("colour comes only when asked for, and takes no room") {
    const auto plain = table_of(varied(), 120);
    const auto coloured = table_of(varied(), 120, true);
    REQUIRE(plain.size() == coloured.size());
    for (std::size_t i = 0; i < plain.size(); ++i) {
        CHECK(plain[i].find('\x1b') == std::string::npos);
        std::string bare = coloured[i];
        for (std::size_t at = bare.find('\x1b'); at != std::string::npos; at = bare.find('\x1b')) {
            bare.erase(at, bare.find('m', at) - at + 1);
        }
        CHECK(bare == plain[i]);
    }
    CHECK(table_of({sample::full()}, 120, true)[1].find("\x1b[31mERROR_BAD_NETPATH 53\x1b[0m") != std::string::npos);
}

TEST_CASE("an error that does not fit is told by its number, never by half a name") {
    Operation o = sample::full();
    o.error = 1219;
    o.remote_name = R"(\server\)" + std::string(300, 'x');
    o.identity.user_name = std::string(100, 'u');
    const std::string line = table_of({o}, 110)[1];
    CHECK(line.find("error 1219") != std::string::npos);
    CHECK(line.find("ERROR_") == std::string::npos);
}

TEST_CASE("a path is cut at its front") {
    const std::string path = R"(C:\Program Files\App\app.exe)";
    CHECK(cut_to(path, 28, true) == path);
    CHECK(cut_to(path, 20, true) == R"(…\App\app.exe)");
    CHECK(cut_to(path, 9, true) == R"(…\app.exe)");
    CHECK(cut_to(path, 7, true) == "app.exe");
    CHECK(display_width(cut_to(path, 5, true)) <= 5);
    CHECK(cut_to(path, 10, false) == R"(C:\Progra…)");
}

TEST_CASE("no operations, no table") {
    CHECK(table_of({}, 80).empty());
}
