#include "service/format/writer.hpp"
#include "tests/unit/cli_sample.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string>
#include <vector>

using namespace maptrail;

namespace {

std::string csv_of(const std::vector<Operation>& operations,
                   std::unique_ptr<OperationWriter> (*make)(Output) = make_csv_writer) {
    std::string text;
    const auto writer = make([&](std::string_view part) {
        text += part;
        return true;
    });
    for (const Operation& operation : operations) {
        REQUIRE(writer->write(operation));
    }
    REQUIRE(writer->finish());
    return text;
}

/// RFC 4180, from the reader's side.
std::vector<std::vector<std::string>> parse(const std::string& text) {
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> row{""};
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
                row.back() += c;
                ++i;
            } else if (c == '"') {
                quoted = false;
            } else {
                row.back() += c;
            }
        } else if (c == '"') {
            REQUIRE(row.back().empty());
            quoted = true;
        } else if (c == ',') {
            row.emplace_back();
        } else if (c == '\r') {
            REQUIRE(i + 1 < text.size());
            REQUIRE(text[++i] == '\n');
            rows.push_back(row);
            row = {""};
        } else {
            REQUIRE(c != '\n');
            row.back() += c;
        }
    }
    REQUIRE_FALSE(quoted);
    return rows;
}

std::string cell(const std::vector<std::vector<std::string>>& rows, std::size_t row, const std::string& column) {
    for (std::size_t i = 0; i < rows[0].size(); ++i) {
        if (rows[0][i] == column) {
            return rows[row][i];
        }
    }
    FAIL("no column " << column);
    return {};
}

} // namespace

TEST_CASE("CSV has a header even without an operation") {
    const auto rows = parse(csv_of({}));
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].front() == "id");
    CHECK(rows[0].back() == "after_sequence");
}

TEST_CASE("each CSV row has as many fields as the header, in its order") {
    const auto rows = parse(csv_of({sample::full(), sample::plain(2, sample::moment), Operation{}}));
    REQUIRE(rows.size() == 4);
    for (const auto& row : rows) {
        CHECK(row.size() == rows[0].size());
    }
    CHECK(cell(rows, 1, "id") == "42");
    CHECK(cell(rows, 1, "start") == "2026-03-04T05:06:07.1234567Z");
    CHECK(cell(rows, 1, "duration_ns") == "12345600");
    CHECK(cell(rows, 1, "error_code") == "53");
    CHECK(cell(rows, 1, "error_name") == "ERROR_BAD_NETPATH");
    CHECK(cell(rows, 1, "user_name") == "user1");
    CHECK(cell(rows, 1, "user_sid") == "S-1-5-21-1-2-3-1001");
    CHECK(cell(rows, 1, "elevated") == "true");
    CHECK(cell(rows, 1, "flags") == "persistent interactive 0x80000");
    CHECK(cell(rows, 1, "pid") == "4711");
    CHECK(cell(rows, 1, "bitness") == "64");
    CHECK(cell(rows, 1, "decision") == "deny");
    CHECK(cell(rows, 2, "error_code").empty());
    CHECK(cell(rows, 3, "end").empty());
    CHECK(cell(rows, 3, "outcome") == "unknown");
}

TEST_CASE("CSV survives commas, quotes and line ends in names") {
    Operation o = sample::full();
    o.remote_name = "\\\\a,b\"c\r\nd";
    CHECK(cell(parse(csv_of({o})), 1, "remote_name") == o.remote_name);
}

TEST_CASE("a CSV field is no formula to a spreadsheet") {
    for (const std::string name : {"=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx",
                                   "\xEF\xBC\x9D"
                                   "1",
                                   " =1", "\"=1"}) {
        Operation o = sample::full();
        o.remote_name = name;
        CHECK(cell(parse(csv_of({o})), 1, "remote_name") == "'" + name);
    }
}

TEST_CASE("a CSV field has no formula after what other lists are separated by") {
    for (const auto& [name, safe] : {std::pair{R"(\\x\a;=HYPERLINK("b"))", R"(\\x\a;'=HYPERLINK("b"))"},
                                     std::pair{"\\\\x\t-1\r\n@a", "\\\\x\t'-1\r\n'@a"},
                                     std::pair{"a; \"+1", "a;' \"+1"}, std::pair{"\\\\x\\a-b;c=d", "\\\\x\\a-b;c=d"}}) {
        Operation o = sample::full();
        o.remote_name = name;
        CHECK(cell(parse(csv_of({o})), 1, "remote_name") == safe);
    }
}

TEST_CASE("CSV for a terminal shows the controls of a name, and its rows end as ever") {
    Operation o = sample::full();
    o.remote_name = "\\\\a\rb\nc\x1b[2J\u202ed";
    const std::string text = csv_of({o}, make_terminal_csv_writer);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(std::count(text.begin(), text.end(), '\r') == 2);
    CHECK(std::count(text.begin(), text.end(), '\n') == 2);
    CHECK(cell(parse(text), 1, "remote_name") == "\\\\a\u240db\u240ac\u241b[2J\ufffdd");

    o.remote_name = "=1+1,\"x\"";
    CHECK(cell(parse(csv_of({o}, make_terminal_csv_writer)), 1, "remote_name") == "'=1+1,\"x\"");
}
