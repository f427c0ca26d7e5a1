#include "service/sinks/effects.hpp"
#include "tests/unit/rules_fixture.hpp"

#include <catch_amalgamated.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <vector>

using namespace maptrail;
using namespace std::chrono_literals;

namespace {

MatchedRule matched(const std::string& name, std::uint16_t effects, bool audit = false) {
    MatchedRule rule;
    rule.name = name;
    rule.effects = effects;
    rule.audit = audit;
    return rule;
}

struct EffectsFixture {
    std::vector<std::string> events; ///< "kind: first string"
    std::vector<std::vector<std::string>> strings;
    std::vector<Command> commands;
    std::vector<std::string> errors;
    bool own = false;
    maptrail::Throttle::Clock::time_point time{};
    Effects effects{{.report =
                         [this](EventKind kind, const std::vector<std::string>& texts) {
                             events.push_back(std::to_string(static_cast<int>(kind)) + ": " + texts.at(0));
                             strings.push_back(texts);
                         },
                     .error = [this](const std::string& line) { errors.push_back(line); },
                     .run = [this](Command command) { commands.push_back(std::move(command)); },
                     .is_own = [this](const ClientProcess&) { return own; },
                     .clock = [this] { return time; }}};

    void configure(std::vector<rules::Rule> rules) {
        effects.take(std::make_shared<const rules::RuleSet>(std::move(rules), ConfigVersion{}, rules::AccountLookup{}));
    }

    static rules::Rule running(const std::string& name) {
        rules::Rule rule;
        rule.name = name;
        rule.mode = rules::Mode::enforce;
        rule.run = rules::Run{};
        rule.run->program = "C:\\tell.exe";
        return rule;
    }

    static Operation operation(std::vector<MatchedRule> matched) {
        Operation operation;
        operation.id = 12;
        operation.remote_name = "\\\\nas\\x";
        operation.local_name = "Z:";
        operation.outcome = Outcome::success;
        operation.judged.rules = std::move(matched);
        return operation;
    }

    static Operation denied(std::vector<MatchedRule> matched) {
        Operation denied = operation(std::move(matched));
        denied.decision = Decision::deny;
        denied.outcome = Outcome::denied;
        denied.error = denied.judged.denied_status = 5;
        return denied;
    }
};

using Texts = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(EffectsFixture, "The rule that denied is told, and what others would have done", "[sinks][rules]") {
    effects.act(denied({matched("audited", effect::deny, true), matched("first", effect::deny | effect::log),
                        matched("second", effect::deny), matched("also logs", effect::deny | effect::log),
                        matched("logs", effect::log), matched("tags", effect::tag)}));
    CHECK(events == Texts{"301: audited", "300: first", "302: also logs", "302: logs"});
    CHECK(strings.at(1).at(8) == "5");
    events.clear();

    Operation late = operation({matched("late", effect::deny), matched("audited log", effect::log, true)});
    late.judged.would_deny = true;
    late.judged.denied_status = 1223;
    effects.act(late);
    CHECK(events == Texts{"301: late"});
    events.clear();

    Operation refused = denied({matched("late", effect::deny)}); // by the notifyee itself, and judged later
    refused.source = Source::spool;
    effects.act(refused);
    CHECK(events == Texts{"301: late"});
    CHECK(commands.empty());
}

TEST_CASE_METHOD(EffectsFixture, "A rule's command gets the operation, and which rule it is of", "[sinks][rules]") {
    configure({running("tell"), running("audited")});
    effects.act(operation({matched("tell", effect::run), matched("audited", effect::run, true),
                           matched("gone", effect::run), matched("other", effect::tag)}));
    CHECK(events.empty());
    REQUIRE(commands.size() == 1);
    CHECK(commands[0].rule == "tell");
    CHECK(commands[0].run.program == "C:\\tell.exe");
    const auto json = nlohmann::json::parse(commands[0].event);
    CHECK(json["rule"]["name"] == "tell");
    CHECK(json["event"]["outcome"] == "success");
    CHECK(json["mapping"]["remote_name"] == "\\\\nas\\x");
    CHECK(json["mapping"]["rules"].size() == 4);
    CHECK(commands[0].event.find('\n') == commands[0].event.size() - 1);
}

TEST_CASE_METHOD(EffectsFixture, "What a rule's command does starts no command", "[sinks][rules]") {
    configure({running("tell")});
    own = true;
    effects.act(operation({matched("tell", effect::run | effect::log)}));
    CHECK(commands.empty());
    CHECK(events == Texts{"302: tell"});
}

TEST_CASE_METHOD(EffectsFixture, "A throttle bounds a rule's events and commands together, for each key",
                 "[sinks][rules]") {
    rules::Rule rule = running("tell");
    rule.throttle = rules::Throttle{.count = 2, .seconds = 60, .key = {rules::Field::server, rules::Field::user}};
    configure({rule});
    Operation one = operation({matched("tell", effect::run | effect::log)});
    one.identity.user_sid = "S-1-5-21-1";
    for (const std::string share : {"x", "y", "z"}) {
        one.remote_name = "\\\\NAS\\" + share;
        effects.act(one);
        one.remote_name = "//nas/" + share;
        effects.act(one);
    }
    CHECK(events.size() == 2);
    CHECK(commands.size() == 2);
    Operation other = one;
    other.identity.user_sid = "S-1-5-21-2";
    effects.act(other);
    CHECK(events.size() == 3);
    time += 60s;
    effects.act(one);
    REQUIRE(events.size() == 4);
    CHECK(strings.back().back() == "4"); // how many were not told
    CHECK(commands.size() == 4);
}

TEST_CASE_METHOD(EffectsFixture, "Names that are made up get past a throttle's key, and not past the bound of all keys",
                 "[sinks][rules]") {
    rules::Rule rule = running("tell");
    rule.throttle = rules::Throttle{.count = 1, .seconds = 600, .key = {rules::Field::remote}};
    configure({rule});
    Operation one = operation({matched("tell", effect::run | effect::log)});
    for (std::uint32_t i = 0; i < most_of_all_keys_a_minute + 5; ++i) {
        one.remote_name = "\\\\nas\\" + std::to_string(i);
        effects.act(one);
        effects.act(one);
    }
    CHECK(events.size() == most_of_all_keys_a_minute);
    CHECK(commands.size() == most_of_all_keys_a_minute);
    time += 60s;
    one.remote_name = "\\\\nas\\another";
    effects.act(one);
    REQUIRE(events.size() == most_of_all_keys_a_minute + 1);
    CHECK(strings.back().back() == "5");
}

TEST_CASE_METHOD(EffectsFixture, "Without a throttle events have a bound and commands have their queue",
                 "[sinks][rules]") {
    configure({running("tell")});
    for (std::uint32_t i = 0; i < 3 * most_events_a_minute; ++i) {
        effects.act(denied({matched("tell", effect::run | effect::deny), matched("other", effect::log)}));
    }
    CHECK(events.size() == std::size_t{2} * most_events_a_minute);
    CHECK(commands.size() == std::size_t{3} * most_events_a_minute);
}

TEST_CASE_METHOD(EffectsFixture, "A loss is told with how many others were not", "[sinks]") {
    Loss loss;
    loss.kind = LossKind::gap;
    loss.count = 7;
    loss.reason = "they never arrived";
    for (std::uint32_t i = 0; i < most_events_a_minute + 3; ++i) {
        effects.lost(loss);
    }
    CHECK(events.size() == most_events_a_minute);
    CHECK(strings.back() == Texts{"7", "gap", "they never arrived"});
    time += 60s;
    effects.lost(loss);
    CHECK_THAT(strings.back().at(2), Catch::Matchers::StartsWith("they never arrived; 3 others"));
}

TEST_CASE_METHOD(EffectsFixture, "A command that failed is told of", "[sinks]") {
    const Command command{"tell", running("tell").run.value(), "{}"};
    CommandResult result;
    result.end = CommandEnd::exited;
    effects.ended(command, result);
    CHECK(events.empty());
    result.exit_code = 3;
    result.output = "no such host";
    effects.ended(command, result);
    CHECK(strings == std::vector<Texts>{{"tell", "C:\\tell.exe", "ended with exit code 3", "no such host"}});
    CHECK(errors == Texts{"the command of rule \"tell\" ended with exit code 3: C:\\tell.exe"});
}
