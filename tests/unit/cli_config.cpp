// maptrail config check, show, schema
#include "service/cli/cli.hpp"
#include "tests/unit/inbox_helpers.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using namespace maptrail;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using inbox_test::Folder;

namespace {

/// A service whose configuration lies in a folder of the test's. Nothing else of the world is asked for.
class ConfigWorld final : public Environment {
public:
    Folder folder;
    std::string out;
    std::string err;

    [[nodiscard]] std::string path(const char* name) const {
        const std::u8string text = (folder / name).u8string();
        return {text.begin(), text.end()};
    }

    std::string save(const char* name, const std::string& text) {
        inbox_test::write_file(folder / name, {text.begin(), text.end()});
        return path(name);
    }

    bool write_out(std::string_view text) override {
        out += text;
        return true;
    }
    void write_error(std::string_view text) override { err += text; }
    std::filesystem::path config_file() override { return folder / "config.json"; }

    Terminal terminal() override { return {}; }
    bool errors_on_terminal() override { return false; }
    std::optional<std::string> sid_of_account(const std::string&) override { return std::nullopt; }
    std::int64_t now() override { return 0; }
    ZoneOffset zone() override {
        return [](std::int64_t) { return std::int64_t{0}; };
    }
    std::unique_ptr<HistorySource> open_history(const std::optional<std::string>&) override { return nullptr; }
    ServiceFacts service_facts() override { return {}; }
    RegistrationFacts registration_facts() override { return {}; }
    nlohmann::json service_status() override { return {}; }
    nlohmann::json reload_config() override { return reloaded; }
    void vacuum(const Retention&) override {}
    nlohmann::json reloaded;
    void control_service(ServiceVerb, const std::function<void(const std::string&)>&) override {}
    int run_service(const RunRequest&) override { return 0; }
};

constexpr const char* two_rules = R"({ // two
    "budgetMs": 70,
    "rules": [
        {"name": "no NAS", "mode": "enforce", "when": {"server": "nas*", "action": "connect"}, "deny": {"error": 5}},
        {"name": "far", "mode": "audit", "when": {"address": ["public", "192.0.2.0/24"], "time": "22:00-24:00"},
         "tag": "x", "severity": "high", "log": true}
    ]
})";

} // namespace

TEST_CASE("config check: a good file is said to be good, with its rules counted") {
    ConfigWorld world;
    world.save("config.json", two_rules);
    CHECK(run_cli({"config", "check"}, world) == 0);
    CHECK(world.out == "config.json is good: 2 rules (1 enforced, 1 in audit mode)\n");
    CHECK(world.err.empty());

    ConfigWorld named;
    const std::string file =
        named.save("new rules.json", R"({"rules": [{"name": "r", "mode": "enforce", "log": true}]})");
    CHECK(run_cli({"config", "check", file}, named) == 0);
    CHECK(named.out == "new rules.json is good: 1 rule (1 enforced, 0 in audit mode)\n");
}

TEST_CASE("config check: a mistake is 2, and one line says where and what") {
    ConfigWorld world;
    world.save("config.json", "{\n  \"rules\": [{\"name\": \"r\", \"mode\": \"audit\", \"lag\": true}]\n}");
    CHECK(run_cli({"config", "check"}, world) == 2);
    CHECK(world.out.empty());
    CHECK_THAT(world.err, StartsWith(world.path("config.json") + ":2:44: rules[0].lag: "));
    CHECK_THAT(world.err, EndsWith("unknown key \"lag\"; did you mean \"tag\"?\n"));
    CHECK(run_cli({"config", "show"}, world) == 2);
    CHECK(world.out.empty());
}

TEST_CASE("config check: no file is fine where the service looks, and a mistake where one was named") {
    ConfigWorld world;
    CHECK(run_cli({"config", "check"}, world) == 0);
    CHECK_THAT(world.out, StartsWith("There is no ") && ContainsSubstring("default"));
    world.out.clear();
    CHECK(run_cli({"config", "check", world.path("other.json")}, world) == 2);
    CHECK(world.out.empty());
    CHECK_THAT(world.err, ContainsSubstring("other.json"));
    CHECK(run_cli({"config", "check", world.path("")}, world) == 2); // a folder
    CHECK_THAT(world.err, ContainsSubstring("is no file"));
}

TEST_CASE("config show: every key has its value, and rules are shown as they were understood") {
    ConfigWorld world;
    world.save("config.json", two_rules);
    CHECK(run_cli({"config", "show", "-o", "json"}, world) == 0);
    const auto json = nlohmann::json::parse(world.out);
    CHECK(json["budgetMs"] == 70);
    CHECK(json["log"]["level"] == "info");
    CHECK(json["whenNoAnswer"] == "allow");
    REQUIRE(json["rules"].size() == 2);
    CHECK(json["rules"][0]["deny"]["error"] == "ERROR_ACCESS_DENIED");
    CHECK(json["rules"][0]["when"]["action"] == "connect");
    CHECK(json["rules"][1]["severity"] == 75);
    CHECK(json["rules"][1]["tag"] == nlohmann::json{"x"});
    CHECK(json["rules"][1]["when"]["address"] == nlohmann::json{"public", "192.0.2.0/24"});
    CHECK(json["rules"][1]["when"]["time"] == "22:00-00:00");

    world.out.clear();
    CHECK(run_cli({"config", "show"}, world) == 0);
    for (const char* const part :
         {"config.json", "budgetMs", "70", "log.level", "2 rules (1 enforced, 1 in audit mode)", "no NAS", "\nfar\n",
          "audit", R"({"server":"nas*","action":"connect"})", R"({"error":"ERROR_ACCESS_DENIED"})"}) {
        CHECK_THAT(world.out, ContainsSubstring(part));
    }
    CHECK(run_cli({"config", "show", "-o", "xml"}, world) == 2);
    CHECK_THAT(world.err, ContainsSubstring("text, json"));
}

TEST_CASE("config schema: prints the schema that editors take") {
    ConfigWorld world;
    CHECK(run_cli({"config", "schema"}, world) == 0);
    const auto schema = nlohmann::json::parse(world.out);
    CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
    CHECK(schema["properties"].contains("rules"));
}

TEST_CASE("config: its help has examples, and it is nothing without a verb") {
    ConfigWorld world;
    CHECK(run_cli({"help", "config"}, world) == 0);
    CHECK_THAT(world.out, ContainsSubstring("maptrail config check"));
    world.out.clear();
    CHECK(run_cli({"config", "check", "--help"}, world) == 0);
    CHECK_THAT(world.out, ContainsSubstring("maptrail config show -o json"));
    CHECK(run_cli({"config"}, world) == 2);
    CHECK(run_cli({"config", "chekc"}, world) == 2);
    CHECK(run_cli({"config", "schema", "stray"}, world) == 2);
}

TEST_CASE("config reload: what came of it, and 2 if the file is bad") {
    ConfigWorld world;
    world.reloaded = {{"good", true}, {"changed", true}, {"text", "the configuration is in force"}};
    CHECK(run_cli({"config", "reload"}, world) == 0);
    CHECK(world.out == "the configuration is in force\n");
    world.reloaded = {{"good", false}, {"text", "config.json:1:2: x: wrong"}};
    CHECK(run_cli({"config", "reload"}, world) == 2);
    CHECK_THAT(world.err, StartsWith("config.json:1:2: x: wrong\n"));
}
