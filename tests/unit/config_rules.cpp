// What the loader makes of rules, and the bounds of what it takes.
#include "common/model/windows_error.hpp"
#include "service/config/config_file.hpp"
#include "service/config/config_schema.hpp"
#include "service/config/field_words.hpp"
#include "service/config/read_run.hpp"
#include "service/rules/program_name.hpp"
#include "service/rules/subject.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

using namespace maptrail;
using Catch::Matchers::ContainsSubstring;
using rules::Condition;
using rules::Field;

namespace {

Config loaded(const std::string& text) {
    return parse_config(text, "config.json");
}

rules::Rule loaded_rule(const std::string& members) {
    const Config config = loaded(R"({"rules": [{"name": "r", "mode": "audit", )" + members + "}]}");
    REQUIRE(config.rules.size() == 1);
    return config.rules.front();
}

Condition loaded_condition(const std::string& member) {
    const rules::Rule found = loaded_rule(R"("log": true, "when": {)" + member + "}");
    REQUIRE(found.when.parts.size() == 1);
    return found.when.parts.front();
}

std::vector<std::uint64_t> loaded_numbers(const std::string& member) {
    return loaded_condition(member).numbers;
}

std::string refusal(const std::string& text) {
    try {
        (void)loaded(text);
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "it was taken";
}

std::string repeated(const std::string& text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) {
        out += text;
    }
    return out;
}

} // namespace

TEST_CASE("rules: conditions keep their order, their kind and their place") {
    const rules::Rule found = loaded_rule(R"("log": true, "when": {"remote": ["\\\\a\\*", "b"],
        "any": [{"local": "Z"}, {"not": {"share": "c$", "server": "x"}}], "not": [{"user": "u"}, {"all": [{"sid": "S-1-5-18"}]}]})");
    CHECK(found.path == "rules[0]");
    const Condition& when = found.when;
    CHECK(when.kind == Condition::Kind::all);
    CHECK(when.path == "rules[0].when");
    REQUIRE(when.parts.size() == 3);
    CHECK(when.parts[0].kind == Condition::Kind::field);
    CHECK(when.parts[0].field == Field::remote);
    CHECK(when.parts[0].texts == std::vector<std::string>{R"(\\a\*)", "b"});
    CHECK(when.parts[0].path == "rules[0].when.remote");
    const Condition& any = when.parts[1];
    CHECK(any.kind == Condition::Kind::any);
    REQUIRE(any.parts.size() == 2);
    CHECK(any.parts[0].kind == Condition::Kind::all);
    CHECK(any.parts[0].path == "rules[0].when.any[0]");
    CHECK(any.parts[0].parts.at(0).path == "rules[0].when.any[0].local");
    const Condition& none = any.parts[1].parts.at(0);
    CHECK(none.kind == Condition::Kind::none);
    REQUIRE(none.parts.size() == 1); // both keys of the object have to hold for it not to
    CHECK(none.parts[0].parts.size() == 2);
    CHECK(none.parts[0].parts[1].path == "rules[0].when.any[1].not.server");
    REQUIRE(when.parts[2].parts.size() == 2);
    CHECK(when.parts[2].parts[1].parts.at(0).parts.at(0).parts.at(0).path == "rules[0].when.not[1].all[0].sid");
}

TEST_CASE("rules: words stand for the numbers of the model and of Windows") {
    using Numbers = std::vector<std::uint64_t>;
    const auto of = [](auto value) { return static_cast<std::uint64_t>(value); };
    CHECK(loaded_numbers(R"("action": ["connect", "disconnect"])") ==
          Numbers{of(Action::connect), of(Action::disconnect)});
    CHECK(loaded_numbers(R"("phase": ["before", "after"])") == Numbers{of(Phase::before), of(Phase::after)});
    CHECK(loaded_numbers(R"("resourceType": ["any", "disk", "print"])") == Numbers{0, 1, 2});
    CHECK(loaded_numbers(R"("flags": ["persistent", "temporary", "0x80000000"])") == Numbers{1, 4, 0x80000000});
    CHECK(loaded_numbers(R"("forced": false)") == Numbers{0});
    CHECK(loaded_numbers(R"("elevated": true)") == Numbers{1});
    CHECK(loaded_numbers(R"("integrity": ["low", "medium", "medium_plus", "high", "system"])") ==
          Numbers{0x1000, 0x2000, 0x2100, 0x3000, 0x4000});
    CHECK(loaded_numbers(R"("session": ["console", "remote", "service"])") == Numbers{1, 2, 3});
    CHECK(loaded_numbers(R"("bitness": [32, 64])") == Numbers{32, 64});
    CHECK(loaded_numbers(R"("outcome": ["success", "failure"])") ==
          Numbers{of(Outcome::success), of(Outcome::failure)});
    CHECK(loaded_numbers(R"("error": [53, "ERROR_BAD_NETPATH", "WN_CANCEL", 0])") == Numbers{53, 53, 1223, 0});
    CHECK(loaded_numbers(R"("weekday": ["mon", "sun"])") == Numbers{0, 6});
    CHECK(loaded_numbers(R"("source": ["pipe", "spool"])") == Numbers{of(Source::pipe), of(Source::spool)});
}

TEST_CASE("rules: times are minutes since midnight") {
    const auto times =
        loaded_condition(R"("time": ["22:00-06:00", "00:00-24:00", "08:05-08:05", "23:59-00:00"])").times;
    REQUIRE(times.size() == 4);
    CHECK(times[0].from == 1320);
    CHECK(times[0].to == 360);
    CHECK(times[1].from == times[1].to); // the whole day
    CHECK(times[2].from == times[2].to);
    CHECK(times[3].from == 1439);
    CHECK(times[3].to == 0);
}

TEST_CASE("rules: addresses become networks, and their words are kept") {
    const Condition found = loaded_condition(R"("address": ["loopback", "10.0.0.0/8", "fd00::1"])");
    CHECK(found.texts == std::vector<std::string>{"loopback", "10.0.0.0/8", "fd00::1"});
    REQUIRE(found.networks.size() == 4); // loopback has two
    CHECK(found.networks[2].bits == 104);
    CHECK(found.networks[2].address[11] == 0xFF);
    CHECK(found.networks[2].address[12] == 10);
    CHECK(found.networks[3].bits == 128);
}

TEST_CASE("rules: effects have the defaults that are documented") {
    const rules::Rule denied = loaded_rule(R"("deny": true)");
    CHECK(denied.mode == rules::Mode::audit);
    CHECK(denied.deny == 1223U);
    CHECK(denied.when.parts.empty());
    CHECK(denied.severity == 0);
    CHECK_FALSE(denied.run);
    CHECK(loaded_rule(R"("deny": {"error": "ERROR_ACCESS_DENIED"})").deny == 5U);
    CHECK(loaded_rule(R"("severity": "low")").severity == 25);
    CHECK(loaded_rule(R"("severity": "medium")").severity == 50);
    CHECK(loaded_rule(R"("severity": "high")").severity == 75);
    CHECK(loaded_rule(R"("severity": "critical")").severity == 100);
    CHECK(loaded_rule(R"("severity": 1)").severity == 1);
    CHECK(loaded_rule(R"("tag": "x")").tags == std::vector<std::string>{"x"});
    const rules::Rule run = loaded_rule(R"("run": {"program": "C:\\a.exe", "arguments": ["x", ""]},
        "throttle": {"count": 2, "seconds": 3, "key": ["user", "remote"]}, "technique": "T1021.002")");
    REQUIRE(run.run);
    CHECK(run.run->program == R"(C:\a.exe)");
    CHECK(run.run->arguments == std::vector<std::string>{"x", ""});
    CHECK(run.run->timeout_s == 30);
    CHECK(run.run->account == rules::RunAs::local_service);
    REQUIRE(run.throttle);
    CHECK(run.throttle->count == 2);
    CHECK(run.throttle->seconds == 3);
    CHECK(run.throttle->key == std::vector{Field::user, Field::remote});
    CHECK(run.technique == "T1021.002");
    CHECK(loaded_rule(R"("drop": {"reason": "noise"})").drop == "noise");
}

TEST_CASE("rules: a denial is taken where the conditions can hold before the operation") {
    CHECK(loaded_rule(R"("deny": true, "when": {"phase": ["after", "before"], "any": [{"error": 5}, {"local": "Z"}]})")
              .deny);
    CHECK(loaded_rule(R"("deny": true, "when": {"phase": ["after", "before"]})").deny);
    CHECK(loaded_rule(R"("deny": true, "when": {"not": {"phase": "after"}})").deny);
    CHECK(loaded_rule(R"("deny": true, "when": {"source": ["spool", "pipe"]})").deny);
    // What is not known makes no "not" hold; another part of a list still can.
    CHECK(loaded_rule(R"("deny": true, "when": {"phase": "before", "not": {"error": 5, "local": "Z"}})").deny);
}

TEST_CASE("rules: what asks for the outcome without a phase is judged after the operation, so it can't deny") {
    const auto denied = [](const std::string& when) {
        return refusal(R"({"rules": [{"name": "r", "mode": "audit", "deny": true, "when": )" + when + "}]}");
    };
    for (const char* const when :
         {R"({"any": [{"outcome": "failure"}, {"local": "Z"}]})", R"({"not": {"error": 5, "local": "Z"}})",
          R"({"not": {"phase": "before"}})", R"({"phase": ["after", "before"], "not": {"outcome": "success"}})"}) {
        INFO(when);
        CHECK_THAT(denied(when), ContainsSubstring("rules[0].deny: found in a rule that matches after"));
    }
}

TEST_CASE("rules: no more are taken than there may be") {
    const auto many = [](std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i) {
            text += (i == 0 ? "" : ",") + (R"({"name":")" + std::to_string(i)) + R"(","mode":"audit","log":true})";
        }
        return R"({"rules":[)" + text + "]}";
    };
    CHECK(loaded(many(rules::max_rules)).rules.size() == rules::max_rules);
    CHECK_THAT(refusal(many(rules::max_rules + 1)), ContainsSubstring(": rules[1000]: found more than 1000 rules"));
}

TEST_CASE("rules: a file of a megabyte costs little, whatever is in it") {
    const auto started = std::chrono::steady_clock::now();
    const std::size_t half = max_config_size / 2;
    CHECK_THAT(refusal("{\"rules\": [" + repeated("1,", half - 20) + "1]}"),
               ContainsSubstring("more than 32768 values"));
    CHECK_THAT(refusal("{" + repeated("\"a\": 1,", 10)), ContainsSubstring("there twice"));
    std::string keys;
    for (int i = 0; i < 65; ++i) {
        keys += "\"" + std::to_string(i) + "\":1,";
    }
    CHECK_THAT(refusal("{" + keys + "}"), ContainsSubstring("more than 64 keys in one object"));
    // A long key is not told again for each of the values below it.
    const std::string long_key = refusal("{\"" + std::string(half, 'k') + "\": [" + repeated("[],", 30'000) + "[]]}");
    CHECK_THAT(long_key, ContainsSubstring("unknown key"));
    CHECK(long_key.size() < 1000);
    CHECK_THAT(refusal(repeated("{\"a\":", half / 5)), ContainsSubstring("nested too deep"));
    CHECK_THAT(refusal("\"" + std::string(max_config_size - 2, 'x') + "\""), ContainsSubstring("expected an object"));
    const std::string listed = repeated(R"({"sid":"S-1-5-18"},)", 10'000) + R"({"local":"Z"})";
    CHECK(loaded_rule(R"("log": true, "when": {"any": [)" + listed + "]}").when.parts.at(0).parts.size() == 10'001);
    CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(20));
}

TEST_CASE("rules: the loader and the schema know the same words") {
    const auto schema = nlohmann::json::parse(config_schema());
    const auto& fields = schema["$defs"]["conditions"]["properties"];
    for (const std::string_view key : config::field_keys()) {
        INFO(key);
        REQUIRE(fields.contains(key));
        const auto& words = config::words_of(static_cast<Field>(std::ranges::find(config::field_keys(), key) -
                                                                config::field_keys().begin()))
                                .words;
        const auto& value = fields[std::string(key)]["oneOf"][0];
        CHECK((words.empty() || value["enum"] == nlohmann::json(words)));
    }
    CHECK(fields.size() == config::field_keys().size() + 3);
    CHECK(schema["$defs"]["error"]["oneOf"][1]["enum"] == nlohmann::json(error_names()));
    const auto& rule = schema["$defs"]["rule"]["properties"];
    CHECK(rule["run"]["properties"]["account"]["enum"] == nlohmann::json(config::account_words()));
    CHECK(schema["properties"]["rules"]["maxItems"] == rules::max_rules);
    CHECK(schema["$defs"]["throttleKey"]["enum"].size() == config::throttle_fields().size());
}

TEST_CASE("rules: each shell is refused as a program, and the schema knows it, too") {
    const auto schema = nlohmann::json::parse(config_schema());
    const std::string pattern = schema["$defs"]["rule"]["properties"]["run"]["properties"]["program"]["pattern"];
    for (const std::string_view shell : rules::shell_names()) {
        std::string spelled;
        for (const char c : shell) {
            const bool letter = c >= 'a' && c <= 'z';
            spelled += letter ? std::string{'[', c, static_cast<char>(c - 'a' + 'A'), ']'} : std::string(1, c);
        }
        INFO(shell);
        CHECK_THAT(refusal(R"({"rules": [{"name": "r", "mode": "audit", "run": {"program": "C:\\x\\)" +
                           std::string(shell) + R"(.ExE"}}]})"),
                   ContainsSubstring("no shell or script host"));
        CHECK((pattern.find("(" + spelled + "|") != std::string::npos ||
               pattern.find("|" + spelled + "|") != std::string::npos ||
               pattern.find("|" + spelled + ")") != std::string::npos));
    }
}
