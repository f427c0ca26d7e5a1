// maptrail rules list, test, replay, explain
#include "service/cli/cli.hpp"
#include "service/config/config_file.hpp"
#include "service/format/ecs_json.hpp"
#include "tests/unit/cli_sample.hpp"
#include "tests/unit/inbox_helpers.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace maptrail;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using nlohmann::json;

namespace {

/// A service with a configuration and a history. Nothing else of the world is asked for.
class RulesWorld final : public Environment {
public:
    inbox_test::Folder folder;
    std::string out;
    std::string err;
    std::vector<Operation> operations;
    std::map<std::uint64_t, std::string> configs; ///< that the history keeps
    Query asked;
    bool error_terminal = false;

    std::string save(const char* name, const std::string& text) const {
        inbox_test::write_file(folder / name, {text.begin(), text.end()});
        const std::u8string path = (folder / name).u8string();
        return {path.begin(), path.end()};
    }

    /// What the command wrote, if its exit code is that.
    std::string run(const std::vector<std::string>& args, int code) {
        out.clear();
        err.clear();
        const int result = run_cli(args, *this);
        INFO(out << err);
        CHECK(result == code);
        return out;
    }
    json run_json(std::vector<std::string> args, int code) {
        args.insert(args.end(), {"-o", "json"});
        return json::parse(run(args, code));
    }

    bool write_out(std::string_view text) override {
        out += text;
        return true;
    }
    void write_error(std::string_view text) override { err += text; }
    std::filesystem::path config_file() override { return folder / "config.json"; }
    bool errors_on_terminal() override { return error_terminal; }
    std::optional<std::string> sid_of_account(const std::string& name) override {
        return name == "Operators" ? std::optional<std::string>("S-1-5-32-549") : std::nullopt;
    }
    Terminal terminal() override { return {}; }
    std::int64_t now() override { return sample::moment; }
    ZoneOffset zone() override { return sample::fixed_zone(1); }

    struct Source final : HistorySource {
        explicit Source(RulesWorld& owner) : world(owner) {}
        Reached find(const Query& query, const std::function<bool(const Operation&)>& row) override {
            world.asked = query;
            for (const Operation& operation : world.operations) {
                const bool wanted = query.ids.empty() || std::ranges::count(query.ids, operation.id) > 0;
                if (wanted && !row(operation)) {
                    break;
                }
            }
            return {};
        }
        std::optional<std::string> config_of(std::uint64_t version) override {
            const auto found = world.configs.find(version);
            return found == world.configs.end() ? std::nullopt : std::optional(found->second);
        }
        RulesWorld& world;
    };
    std::unique_ptr<HistorySource> open_history(const std::optional<std::string>&) override {
        return std::make_unique<Source>(*this);
    }

    ServiceFacts service_facts() override { return {}; }
    RegistrationFacts registration_facts() override { return {}; }
    json service_status() override { return {}; }
    json reload_config() override { return {}; }
    void vacuum(const Retention&) override {}
    void control_service(ServiceVerb, const std::function<void(const std::string&)>&) override {}
    int run_service(const RunRequest&) override { return 0; }
};

constexpr const char* four_rules = R"({ "rules": [
    {"name": "no NAS", "mode": "enforce", "when": {"server": ["nas*", "box"], "action": "connect"},
     "deny": {"error": 5}, "tag": ["nas", "home"]},
    {"name": "operators", "mode": "audit", "when": {"group": "Operators", "not": {"elevated": true}}, "severity": 50},
    {"name": "admin shares", "mode": "audit", "when": {"share": "?$"}, "deny": true, "technique": "T1021.002"},
    {"name": "failed", "mode": "enforce", "when": {"outcome": "failure"}, "log": true}
] })";

Operation plain(std::int64_t id, const std::string& remote) {
    Operation operation = sample::plain(id, sample::moment + id * sample::second);
    operation.remote_name = remote;
    operation.decision = Decision::allow;
    operation.source = Source::pipe;
    return operation;
}

std::string result_of(const json& phase, std::size_t rule) {
    return phase.at("rules").at(rule).at("result");
}

} // namespace

TEST_CASE("rules list: every rule in its order, with phase, effects and conditions") {
    RulesWorld world;
    world.save("config.json", four_rules);
    const std::string text = world.run({"rules", "list"}, 0);
    CHECK(std::ranges::count(text, '\n') == 5);
    for (const char* const part : {"server nas*|box, action connect", "not (elevated true)", "deny, tag", "nas, home",
                                   "T1021.002", "after", "audit", "50"}) {
        CHECK_THAT(text, ContainsSubstring(part));
    }
    CHECK(text.find("no NAS") < text.find("operators"));
    const json list = world.run_json({"rules", "list"}, 0);
    REQUIRE(list.size() == 4);
    CHECK(list[3]["phases"] == json{"after"});
    CHECK(list[0]["effects"] == json{"deny", "tag"});
    CHECK(list[0]["when"]["server"] == json{"nas*", "box"});
}

TEST_CASE("rules list: no rules are told, and a bad or missing file is 2") {
    RulesWorld world;
    CHECK(world.run({"rules", "list"}, 0).empty());
    CHECK_THAT(world.err, ContainsSubstring("no rules"));
    CHECK(world.run_json({"rules", "list"}, 0) == json::array());
    world.run({"rules", "list", "--config", "nowhere.json"}, 2);
    CHECK_THAT(world.err, ContainsSubstring("nowhere.json"));
    const std::string bad = world.save("bad.json", R"({"rules": [{}]})");
    for (const char* const verb : {"list", "test", "replay"}) {
        world.run({"rules", verb, "--config", bad}, 2);
        CHECK_THAT(world.err, ContainsSubstring("bad.json:1:"));
    }
}

TEST_CASE("rules test: what matches, what fails first, what is not known; 1 if the operation is denied") {
    RulesWorld world;
    world.save("config.json", four_rules);
    const std::string text = world.run({"rules", "test", "--remote", R"(\\nas1\c$)", "--user", "CORP\\jane"}, 1);
    CHECK_THAT(text, StartsWith("Before the operation: denied; the caller sees ERROR_ACCESS_DENIED (5)\n"));
    CHECK_THAT(text, ContainsSubstring("can't be told: what rules[1].when.group asks for is not known"));
    CHECK_THAT(text, ContainsSubstring("matches (audit): deny"));
    CHECK_THAT(text, ContainsSubstring("is judged after the operation"));

    const json answer = world.run_json({"rules", "test", "--remote", R"(\\files\c$)", "--error", "53"}, 0);
    CHECK(answer["verdict"] == "allow");
    REQUIRE(answer["phases"].size() == 2);
    const json& before = answer["phases"][0];
    CHECK(before["would_deny"] == true);
    CHECK(before["denied_status"] == 1223);
    CHECK(result_of(before, 0) == "failed");
    CHECK(before["rules"][0]["condition"] == "rules[0].when.server");
    CHECK(before["rules"][0]["found"] == "\"FILES\"");
    CHECK(result_of(before, 1) == "not_known");
    CHECK(result_of(before, 2) == "matched");
    CHECK(result_of(before, 3) == "other_phase");
    CHECK(result_of(answer["phases"][1], 3) == "matched");
}

TEST_CASE("rules test: every flag reaches its condition") {
    RulesWorld world;
    const std::vector<std::pair<std::string, std::vector<std::string>>> cases{
        {R"("action": "disconnect", "forced": true)", {"--action", "disconnect", "--forced", "--drive", "Z:"}},
        {R"("local": "Z")", {"--drive", "z:"}},
        {R"("remote": "\\\\A\\b")", {"--remote", R"(\\a\b)"}},
        {R"("resourceType": "print")", {"--type", "print"}},
        {R"("provider": "web*")", {"--provider", "Web Client"}},
        {R"("flags": "persistent")", {"--flag", "temporary", "--flag", "persistent"}},
        {R"("user": "corp\\jane")", {"--user", "jane@CORP"}},
        {R"("sid": "S-1-5-18")", {"--sid", "s-1-5-18"}},
        {R"("group": "Operators")", {"--group", "S-1-1-0", "--group", "Operators"}},
        {R"("not": {"group": "S-1-5-32-544"})", {"--group", "S-1-1-0"}},
        {R"("elevated": false)", {"--elevated", "no"}},
        {R"("integrity": "high")", {"--integrity", "high"}},
        {R"("session": "remote")", {"--session", "remote"}},
        {R"("program": "net.exe")", {"--program", R"(C:\Windows\net.exe)"}},
        {R"("bitness": 32)", {"--bitness", "32"}},
        {R"("address": "public")", {"--remote", R"(\\files.example\x)", "--address", "8.8.8.8"}},
        {R"("source": "spool")", {"--source", "spool"}},
        {R"("error": "ERROR_BAD_NETPATH")", {"--error", "ERROR_BAD_NETPATH"}},
        {R"("outcome": "success")", {"--error", "0"}},
        {R"("time": "14:00-15:00", "weekday": "sat")", {"--at", "2026-01-31 14:30"}},
    };
    for (const auto& [conditions, flags] : cases) {
        INFO(conditions);
        world.save("config.json",
                   R"({"rules": [{"name": "r", "mode": "enforce", "log": true, "when": {)" + conditions + "}}]}");
        std::vector<std::string> args{"rules", "test"};
        args.insert(args.end(), flags.begin(), flags.end());
        CHECK(result_of(world.run_json(args, 0)["phases"].back(), 0) == "matched");
        if (conditions.find("action") == std::string::npos && conditions.find("time") == std::string::npos) {
            CHECK(result_of(world.run_json({"rules", "test", "--remote", R"(\\none\none)"}, 0)["phases"].back(), 0) !=
                  "matched");
        }
    }
}

TEST_CASE("rules test: an event of the history is judged as it was recorded, by one phase or both") {
    RulesWorld world;
    world.save("config.json", four_rules);
    Operation operation = plain(42, R"(\\nas1\home)");
    operation.outcome = Outcome::failure;
    operation.error = 53;
    const std::string one = world.save("event.json", json_line(operation_to_json(operation)));
    CHECK(world.run_json({"rules", "test", "--event", one}, 1)["phases"].size() == 1);
    const json after = world.run_json({"rules", "test", "--event", one, "--phase", "after"}, 0);
    REQUIRE(after["phases"].size() == 1);
    CHECK(result_of(after["phases"][0], 3) == "matched");
    const std::string list = world.save("list.json", "[" + json_line(operation_to_json(operation)) + "]");
    CHECK(world.run_json({"rules", "test", "--event", list}, 1)["verdict"] == "deny");
    const std::string short_one = world.save("short.json", R"({"mapping": {"remote_name": "\\\\BOX\\x"}})");
    const json answer = world.run_json({"rules", "test", "--event", short_one, "--group", "Operators"}, 1);
    CHECK(result_of(answer["phases"][0], 1) == "not_known"); // nobody knows whether it is elevated
    CHECK(answer["phases"][0]["rules"][1]["condition"] == "rules[1].when.not");
}

TEST_CASE("rules test: what can't be meant is 2 and names the option") {
    RulesWorld world;
    world.save("config.json", four_rules);
    const std::string two = world.save("two.json", "[{}, {}]");
    const std::string no_json = world.save("no.json", "{");
    const std::string wrong = world.save("wrong.json", R"({"event": {"action": "mount"}})");
    const std::string number = world.save("number.json", "17");
    const std::string failed = world.save("failed.json", R"({"event": {"outcome": "failure"}})");
    const std::vector<std::pair<std::vector<std::string>, const char*>> bad{
        {{"--action", "loss"}, "--action"},
        {{"--phase", "during"}, "before, after"},
        {{"--phase", "after"}, "--error"},
        {{"--error", "ERROR_NOPE"}, "--error"},
        {{"--flag", "often"}, "--flag"},
        {{"--elevated", "perhaps"}, "yes, no"},
        {{"--bitness", "16"}, "32, 64"},
        {{"--group", "Nobody"}, "--group"},
        {{"--address", "files"}, "--address"},
        {{"--at", "noon"}, "--at"},
        {{"--event", "nowhere.json"}, "cannot"},
        {{"--event", two}, "2 operations"},
        {{"--event", no_json}, "no JSON"},
        {{"--event", failed}, "error.code"},
        {{"--event", wrong}, "no operation"},
        {{"--event", number}, "no operation"},
        {{"--event", two, "--remote", "x"}, "excludes"},
        {{"-o", "table"}, "text, json"},
        {{"--type", "tape"}, "--type"},
        {{"--source", "post"}, "--source"},
        {{"--session", "none"}, "--session"},
        {{"--integrity", "lofty"}, "--integrity"}};
    for (const auto& [flags, word] : bad) {
        std::vector<std::string> args{"rules", "test"};
        args.insert(args.end(), flags.begin(), flags.end());
        CHECK(world.run(args, 2).empty());
        CHECK_THAT(world.err, ContainsSubstring(word));
    }
}

TEST_CASE("rules replay: counts by rule, examples and totals") {
    RulesWorld world;
    world.save("config.json", four_rules);
    world.operations = {plain(3, R"(\\nas2\x)"), plain(2, R"(\\nas1\x)"), plain(1, R"(\\files\c$)"), sample::loss()};
    world.operations.push_back(plain(4, R"(\\files\y)"));
    world.operations.back().outcome = Outcome::failure;
    world.operations.back().error = 53;
    const json answer = world.run_json({"rules", "replay", "-S", "7d", "--examples", "1"}, 0);
    CHECK(world.asked.since == sample::moment - 7 * 86400 * sample::second);
    CHECK(world.asked.newest_first);
    CHECK(answer["totals"]["operations"] == 4);
    CHECK(answer["totals"]["losses"] == 1);
    CHECK(answer["totals"]["denied"] == 2);
    CHECK(answer["totals"]["would_deny"] == 1);
    CHECK(answer["totals"]["newly_denied"] == 2);
    CHECK(answer["totals"]["differ"] == 3);
    CHECK(answer["rules"][0]["denied"] == 2);
    CHECK(answer["rules"][0]["tagged"] == 2);
    REQUIRE(answer["rules"][0]["examples"].size() == 1);
    CHECK(answer["rules"][0]["examples"][0]["event"]["id"] == "3");
    CHECK(answer["rules"][2]["would_deny"] == 1);
    CHECK(answer["rules"][3]["logged"] == 1);

    const std::string text = world.run({"rules", "replay"}, 0);
    for (const char* const part : {"WOULD DENY", "no NAS", R"(\\nas2\x, CORP\user1, app.exe: success (3))",
                                   "4 operations judged: 4 matched, 2 denied", "1 row of lost"}) {
        CHECK_THAT(text, ContainsSubstring(part));
    }
    CHECK(world.err.empty());
}

TEST_CASE("rules replay: nothing to judge is 1, and bad options are 2") {
    RulesWorld world;
    world.save("config.json", four_rules);
    world.run({"rules", "replay"}, 1);
    CHECK_THAT(world.err, ContainsSubstring("nothing to judge"));
    CHECK(world.run_json({"rules", "replay"}, 1)["totals"]["operations"] == 0);
    for (const auto& [args, word] :
         {std::pair<std::vector<std::string>, const char*>{{"--examples", "x"}, "--examples"},
          {{"-o", "csv"}, "table, json"},
          {{"-S", "soon"}, "--since"},
          {{"-S", "now", "-U", "-2h"}, "not before"}}) {
        std::vector<std::string> all{"rules", "replay"};
        all.insert(all.end(), args.begin(), args.end());
        world.run(all, 2);
        CHECK_THAT(world.err, ContainsSubstring(word));
    }
}

TEST_CASE("rules explain: the record, and why, by the configuration that judged it or one that is named") {
    RulesWorld world;
    const std::string file = world.save("config.json", four_rules);
    Operation denied = plain(42, R"(\\nas1\home)");
    denied.outcome = Outcome::denied;
    denied.decision = Decision::deny;
    denied.error = 5;
    denied.judged.denied_status = 5;
    denied.judged.rules.push_back({"no NAS", Phase::before, false, effect::deny | effect::tag, 0, {"nas"}, ""});
    denied.config_before = short_version(load_config(world.folder / "config.json").version);
    world.operations = {plain(1, R"(\\files\x)"), denied, sample::loss()};

    const std::string text = world.run({"rules", "explain", "42"}, 0);
    CHECK(world.asked.ids == std::vector<std::int64_t>{42});
    for (const char* const part :
         {R"(connect Z: \\nas1\home, CORP\user1, app.exe: denied, ERROR_ACCESS_DENIED (5) (42))",
          "By the record: denied with ERROR_ACCESS_DENIED (5)", "no NAS: enforce, before; deny, tag; tags nas",
          "Before the operation: denied", "matches (enforce)"}) {
        CHECK_THAT(text, ContainsSubstring(part));
    }
    CHECK(text.find("After the operation") == std::string::npos);
    CHECK(world.run_json({"rules", "explain", "42"}, 0)["phases"][0]["same_version"] == true);

    const std::string other = world.save("other.json", R"({"rules": [{"name": "r", "mode": "audit", "log": true}]})");
    world.save("config.json", "{}");
    CHECK_THAT(world.run({"rules", "explain", "42"}, 0),
               ContainsSubstring("whose text is not at hand") && ContainsSubstring("no NAS: enforce"));
    CHECK(world.run_json({"rules", "explain", "42"}, 0)["phases"].empty());
    world.configs[denied.config_before] = four_rules;
    CHECK_THAT(world.run({"rules", "explain", "42"}, 0),
               ContainsSubstring("By the configuration that the history keeps") &&
                   ContainsSubstring("matches (enforce)"));
    CHECK(world.run_json({"rules", "explain", "42"}, 0)["phases"][0]["same_version"] == true);
    const json by_other = world.run_json({"rules", "explain", "42", "--config", other}, 0);
    CHECK(by_other["phases"][0]["same_version"] == false);
    CHECK(result_of(by_other["phases"][0], 0) == "matched");
    world.save("config.json", "{");
    CHECK_THAT(world.run({"rules", "explain", "42"}, 0), ContainsSubstring("the configuration that the history keeps"));
    CHECK_THAT(world.err, ContainsSubstring("config.json:1:"));
}

TEST_CASE("rules explain: what is not there is 1, what is no number is 2") {
    RulesWorld world;
    world.operations = {sample::loss()};
    world.run({"rules", "explain", "7"}, 1);
    CHECK_THAT(world.err, ContainsSubstring("no operation 7"));
    world.run({"rules", "explain", "43"}, 1);
    CHECK_THAT(world.err, ContainsSubstring("lost notifications"));
    for (const std::vector<std::string>& args : {std::vector<std::string>{"rules", "explain", "x"},
                                                 {"rules", "explain"},
                                                 {"rules", "explain", "43", "-o", "x"},
                                                 {"rules", "explain", "43", "44"}}) {
        world.run(args, 2);
    }
}

TEST_CASE("rules: every command has help with examples or exit codes, and rules alone is nothing") {
    RulesWorld world;
    for (const char* const verb : {"list", "test", "replay", "explain"}) {
        CHECK_THAT(world.run({"help", "rules", verb}, 0), ContainsSubstring("Exit code"));
    }
    CHECK_THAT(world.run({"help", "rules"}, 0), ContainsSubstring("maptrail rules replay"));
    world.run({"rules"}, 2);
    world.run({"rules", "lits"}, 2);
}
