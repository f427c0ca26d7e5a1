// maptrail report
#include "service/report/report_page.hpp"
#include "tests/unit/answers_world.hpp"
#include "tests/unit/inbox_helpers.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <fstream>
#include <iterator>

using namespace maptrail;
using namespace maptrail::answers_test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using nlohmann::json;

namespace {

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// What the page's script reads.
json data_in(const std::string& page) {
    constexpr std::string_view begin = R"(<script id="data" type="application/json">)";
    const std::size_t from = page.find(begin) + begin.size();
    return json::parse(page.substr(from, page.find("</script>", from) - from));
}

std::size_t times_in(const std::string& text, std::string_view what) {
    std::size_t times = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
        ++times;
    }
    return times;
}

} // namespace

TEST_CASE("report: counts, lists and words are of the operations") {
    AnswersWorld world;
    Operation loss = janes_connect(9, 5);
    loss.action = Action::loss;
    loss.loss = LossDetail{LossKind::gap, 3, std::nullopt, 0, 0};
    world.operations = {janes_connect(1, 0), failing_with(janes_connect(2, 10), 53), loss,
                        denied_by(of_bob(janes_connect(3, 130)), "no NAS")};
    const json data = data_in(world.run({"report", "--html", "-", "--title", "Week", "--user", "*"}, 0));
    CHECK(data["title"] == "Week");
    CHECK(data["host"] == "PC-17");
    CHECK(data["zone"] == "UTC+01:00");
    CHECK(data["filters"] == json::array({"user *"}));
    CHECK(data["totals"]["total"] == 3);
    CHECK(data["totals"]["success"] == 1);
    CHECK(data["totals"]["failure"] == 1);
    CHECK(data["totals"]["denied"] == 1);
    CHECK(data["totals"]["losses"] == 1);
    CHECK(data["totals"]["lost"] == 3);
    CHECK(data["users"] == json::parse(R"([["CORP\\jane", 2, 1, 0], ["CORP\\bob", 1, 0, 1]])"));
    CHECK(data["rules"][1] == json::parse(R"(["no NAS", 1, 0, 1])"));
    CHECK(data["failures"][0][1] == "ERROR_BAD_NETPATH");
    CHECK_FALSE(data["failures"][0][4].get<std::string>().empty());
    CHECK(data["timeline"]["hours"] == 1);
    CHECK(data["timeline"]["bars"] == json::parse("[[1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0]]"));
    REQUIRE(data["rows"].size() == 3);
    const json& newest = data["rows"][0];
    CHECK(newest[0] == 3);
    CHECK(newest[1] == sample::moment / sample::second + 130 * 60 + 3600);
    CHECK(data["names"]["user"][newest[5].get<std::size_t>()] == "CORP\\bob");
    CHECK(newest[8] == 3);
    CHECK(data["names"]["rule"][newest[10].get<std::size_t>()] == "no NAS");
}

TEST_CASE("report: what comes from an event is data, never markup") {
    AnswersWorld world;
    Operation evil = janes_connect(1, 0);
    evil.remote_name = R"(\\x\</script><script>alert(1)</script><!--)";
    evil.identity.user_name = "\xE2\x80\xAE"
                              "enaj"; // a right-to-left override
    evil.process.path = "C:\\@SCRIPT@\\\"'&<b>.exe";
    world.operations = {evil};
    const std::string page = world.run({"report", "--html", "-", "--title", "</title><script>"}, 0);
    CHECK(times_in(page, "<script") == 2);
    CHECK(times_in(page, "</script>") == 2);
    CHECK(times_in(page, "alert(1)") >= 1);
    CHECK_THAT(page, !ContainsSubstring("<!--") && !ContainsSubstring("\xE2\x80\xAE"));
    CHECK_THAT(page, ContainsSubstring("<title>&lt;/title&gt;&lt;script&gt;</title>"));
    const json data = data_in(page);
    CHECK(data["names"]["remote"][0] == evil.remote_name);
    CHECK(data["names"]["program"][0] == evil.process.path);
    CHECK(data["title"] == "</title><script>");
}

TEST_CASE("report: nothing of the page comes from elsewhere") {
    for (const std::string_view part : {report_html(), report_css(), report_js()}) {
        const std::string text(part);
        CHECK(times_in(text, "http") == times_in(text, "http-equiv") + times_in(text, "http://www.w3.org/2000/svg"));
        for (const char* const loader :
             {"url(", "@import", "src=", "href=", "fetch(", "innerHTML", "XMLHttp", "eval("}) {
            CHECK_THAT(text, !ContainsSubstring(loader));
        }
    }
    CHECK_THAT(std::string(report_html()), ContainsSubstring("default-src 'none'"));
}

TEST_CASE("report: the newest are listed, all are counted") {
    AnswersWorld world;
    for (std::int64_t i = 1; i <= 50; ++i) {
        world.operations.push_back(janes_connect(i, i * 60 * 24));
    }
    const json data = data_in(world.run({"report", "--html", "-", "--rows", "10"}, 0));
    CHECK(data["totals"]["total"] == 50);
    CHECK(data["totals"]["listed"] == 10);
    REQUIRE(data["rows"].size() == 10);
    CHECK(data["rows"][0][0] == 50);
    CHECK(data["timeline"]["hours"].get<int>() % 24 == 0);
    CHECK(data["timeline"]["bars"].size() <= 150);
    std::uint64_t in_bars = 0;
    for (const json& bar : data["timeline"]["bars"]) {
        in_bars += bar[0].get<std::uint64_t>();
    }
    CHECK(in_bars == 50);
}

TEST_CASE("report: written whole or not at all") {
    const inbox_test::Folder folder;
    const std::filesystem::path file = folder / "week.html";
    AnswersWorld world;
    world.run({"report", "--html", file.string()}, 1);
    CHECK_FALSE(std::filesystem::exists(file));
    CHECK_THAT(world.err, ContainsSubstring("Nothing matches"));
    world.operations = {janes_connect(1, 0)};
    world.run({"report", "--html", file.string()}, 0);
    CHECK(world.out.empty());
    CHECK_THAT(world.err, StartsWith("Written: ") && ContainsSubstring("1 operation"));
    CHECK_THAT(content_of(file), StartsWith("<!DOCTYPE html>"));
    CHECK_FALSE(std::filesystem::exists(folder / "week.html.new"));
    world.run({"report", "--html", (folder / "no" / "folder.html").string()}, 2);
    CHECK_THAT(world.err, ContainsSubstring("cannot write"));
    world.run({"report"}, 2);
    world.run({"report", "--html", "-", "--rows", "many"}, 2);
    CHECK_THAT(world.err, ContainsSubstring("--rows"));
    world.reachable = false;
    world.run({"report", "--html", "-"}, 3);
    CHECK_THAT(world.run({"report", "--help"}, 0), ContainsSubstring("any browser"));
}
