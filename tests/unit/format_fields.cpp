// What FIELD=VALUE and --output-fields speak of, and the forms that show fields: lines, verbose, notifications.
#include "service/format/ecs_json.hpp"
#include "service/format/fields.hpp"
#include "service/format/writer.hpp"
#include "tests/unit/cli_sample.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace maptrail;
using Catch::Matchers::ContainsSubstring;
using nlohmann::ordered_json;

namespace {

/// Each member that an operation can have is there in one of them.
std::vector<Operation> all_kinds() {
    Operation judged = sample::full();
    judged.place = 7;
    judged.identity.group_set = 5;
    judged.identity.session_type = SessionType::remote;
    judged.config_before = 1;
    judged.config_after = 2;
    judged.judged.would_deny = true;
    judged.judged.denied_status = 5;
    judged.judged.more = true;
    MatchedRule rule;
    rule.name = "no NAS";
    rule.tags = {"nas", "home"};
    rule.severity = 50;
    rule.technique = "T1021.002";
    judged.judged.rules = {rule};
    Operation pending = sample::full();
    pending.outcome = Outcome::pending;
    pending.notifications = Notifications{{1, 2}, 3, 4, 5, Phase::before};
    return {judged, pending, sample::loss()};
}

void add_leaves(const ordered_json& json, const std::string& name, std::vector<std::string>& leaves) {
    if (!json.is_object()) {
        leaves.push_back(name);
        return;
    }
    for (const auto& [key, member] : json.items()) {
        add_leaves(member, name.empty() ? key : name + "." + key, leaves);
    }
}

std::string text_in_format(Format format, const Operation& operation, const TableStyle& style) {
    std::string text;
    const auto writer = make_writer(
        format,
        [&](std::string_view part) {
            text += part;
            return true;
        },
        style);
    REQUIRE(writer->write(operation));
    REQUIRE(writer->finish());
    return text;
}

TableStyle with_fields(FieldNames fields) {
    TableStyle style;
    style.zone = sample::fixed_zone(1);
    style.fields = std::move(fields);
    return style;
}

} // namespace

TEST_CASE("the names of the fields are those of the JSON, each of them") {
    std::vector<std::string> seen;
    for (const Operation& operation : all_kinds()) {
        std::vector<std::string> leaves;
        add_leaves(operation_to_json(operation), "", leaves);
        for (const std::string& leaf : leaves) {
            INFO(leaf);
            CHECK(is_field(leaf));
            CHECK_FALSE(field_values(operation, leaf).empty());
        }
        CHECK(field_texts(operation).size() == leaves.size());
        seen.insert(seen.end(), leaves.begin(), leaves.end());
    }
    for (const std::string_view field : operation_fields()) {
        INFO(field);
        CHECK(std::ranges::find(seen, field) != seen.end());
    }
}

TEST_CASE("a field's values are texts, several of a list") {
    const Operation operation = all_kinds()[0];
    CHECK(field_values(operation, "tags") == std::vector<std::string>{"nas", "home"});
    CHECK(field_values(operation, "process.pid") == std::vector<std::string>{"4711"});
    CHECK(field_values(operation, "session.elevated") == std::vector<std::string>{"true"});
    CHECK(field_values(operation, "threat.technique.id") == std::vector<std::string>{"T1021.002"});
    CHECK(field_values(sample::loss(), "mapping.local_name").empty());
    CHECK(field_values(operation, "mapping").size() == 1); // a whole member is its text
    CHECK(field_values(operation, "user.name.first").empty());
}

TEST_CASE("output fields: JSON keeps its form, CSV has them as columns") {
    const FieldNames fields{"user.name", "mapping.remote_name", "user.id", "error.code"};
    CHECK(text_in_format(Format::jsonl, sample::plain(1, sample::moment), with_fields(fields)) ==
          R"({"user":{"name":"user1","id":"S-1-5-21-1-2-3-1001"},"mapping":{"remote_name":"\\\\files\\projects"}})"
          "\n");
    CHECK(text_in_format(Format::csv, sample::plain(1, sample::moment), with_fields(fields)) ==
          "user.name,mapping.remote_name,user.id,error.code\r\nuser1,\\\\files\\projects,S-1-5-21-1-2-3-1001,\r\n");
    Operation formula = sample::full();
    formula.remote_name = "=1+1";
    CHECK_THAT(text_in_format(Format::csv, formula, with_fields({"mapping.remote_name"})),
               ContainsSubstring("\r\n'=1+1\r\n"));
    CHECK_THAT(text_in_format(Format::csv, formula, with_fields({"@timestamp"})), ContainsSubstring("'@timestamp\r\n"));
}

TEST_CASE("short: a line as in a log") {
    TableStyle style = with_fields({});
    CHECK(
        text_in_format(Format::one_line, sample::full(), style) ==
        "2026-03-04 06:06:07 PC-17 app.exe[4711]: CORP\\user1 connect Z: \\\\files\\projects: ERROR_BAD_NETPATH 53\n");
    style.zone = sample::fixed_zone(0);
    style.utc = true;
    CHECK_THAT(text_in_format(Format::one_line, sample::loss(), style),
               ContainsSubstring("2026-03-04 05:06:07Z PC-17") && ContainsSubstring("never arrived: LOST 3"));
    Operation hostile = sample::full();
    hostile.remote_name = "\\\\a\nfake\x1b[2J";
    const std::string line = text_in_format(Format::one_line, hostile, style);
    CHECK(std::ranges::count(line, '\n') == 1);
    CHECK(line.find('\x1b') == std::string::npos);
}

TEST_CASE("verbose: every field, a line each") {
    const std::string text = text_in_format(Format::verbose, all_kinds()[0], with_fields({}));
    CHECK_THAT(text, ContainsSubstring("2026-03-04 06:06:07 [42]\n") && ContainsSubstring("    user.name=user1\n") &&
                         ContainsSubstring("    tags=nas home\n") && ContainsSubstring("    event.sequence=7\n"));
    CHECK(text_in_format(Format::verbose, sample::full(), with_fields({"user.name", "rule.name"})) ==
          "2026-03-04 06:06:07 [42]\n    user.name=user1\n");
    Operation hostile = sample::full();
    hostile.reason = "a\n    user.name=somebody else";
    CHECK(text_in_format(Format::verbose, hostile, with_fields({"event.reason"})).find("\n    user.name") ==
          std::string::npos);
}

TEST_CASE("a table in UTC says so") {
    TableStyle style = with_fields({});
    style.utc = true;
    CHECK_THAT(text_in_format(Format::table, sample::full(), style), ContainsSubstring("TIME (UTC)"));
}

TEST_CASE("notifications are rows of their own") {
    std::string text;
    const auto writer = make_notification_writer(make_jsonl_writer([&](std::string_view part) {
        text += part;
        return true;
    }));
    Operation operation = sample::full();
    MatchedRule first;
    first.name = "told before";
    MatchedRule second;
    second.name = "told after";
    second.phase = Phase::after;
    operation.judged.rules = {first, second};
    operation.notifications = Notifications{{1}, 9, 17, 18};
    REQUIRE(writer->write(operation));
    REQUIRE(writer->write(sample::loss()));
    REQUIRE(writer->finish());
    REQUIRE(std::ranges::count(text, '\n') == 3);
    const auto line = [&](std::size_t which) {
        std::size_t at = 0;
        for (; which > 0; --which) {
            at = text.find('\n', at) + 1;
        }
        return nlohmann::json::parse(text.substr(at, text.find('\n', at) - at));
    };
    const auto before = line(0);
    CHECK(before["mapping"]["phase"] == "before");
    CHECK(before["mapping"]["before_sequence"] == 17);
    CHECK_FALSE(before["mapping"].contains("after_sequence"));
    CHECK(before["event"]["outcome"] == "unknown");
    CHECK_FALSE(before.contains("error"));
    CHECK(before["rule"]["name"][0] == "told before");
    const auto after = line(1);
    CHECK(after["mapping"]["phase"] == "after");
    CHECK(after["mapping"]["after_sequence"] == 18);
    CHECK(after["error"]["code"] == "53");
    CHECK(after["@timestamp"] == before["event"].value("end", "2026-03-04T05:06:07.1357567Z"));
    CHECK(after["rule"]["name"][0] == "told after");
    CHECK(line(2)["event"]["action"] == "loss");

    Operation read;
    Operation asked = sample::full();
    asked.notifications = Notifications{{1, 0xFF}, 9, 17, std::nullopt};
    REQUIRE(operation_from_json(operation_to_json(asked), read));
    REQUIRE(read.notifications);
    CHECK(read.notifications->producer == asked.notifications->producer);
    CHECK(read.notifications->number == 9);
    CHECK(read.notifications->before == 17U);
    CHECK_FALSE(read.notifications->after);
}
