#include "service/query/query_json.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;
using nlohmann::json;

TEST_CASE("a query comes back from JSON as it went") {
    Query query;
    query.since = -5;
    query.until = 1'700'000'000'000'000'000;
    query.ids = {1, 9'000'000'000'000'000'000};
    query.users = {"*\\user1", "S-1-5-*"};
    query.remotes = {"\\\\nas\\*"};
    query.drives = {"Z"};
    query.programs = {"net.exe"};
    query.pids = {4, 0xFFFF'FFFF};
    query.actions = {Action::connect, Action::disconnect, Action::loss};
    query.outcomes = {Outcome::unknown, Outcome::denied};
    query.errors = {53};
    query.servers = {"nas"};
    query.shares = {"home"};
    query.providers = {"Microsoft*"};
    query.tags = {"t"};
    query.rules = {"r"};
    query.texts = {"x"};
    query.fields = {{"user.name", "a=b"}, {"tags", "*"}};
    query.sessions = {0, 2};
    query.session_types = {SessionType::console, SessionType::service};
    query.sources = {Source::spool};
    query.decisions = {Decision::allow, Decision::deny};
    query.first = 7;
    query.by_ending = true;
    query.notifications = true;
    query.from = Place{0xFFFF'FFFF'FFFF'FFFF, 9'223'372'036'854'775'807};
    query.newest = 20;
    query.newest_first = true;
    Query got;
    REQUIRE(query_from_json(json::parse(query_to_json(query).dump()), got));
    CHECK(got.since == query.since);
    CHECK(got.until == query.until);
    CHECK(got.ids == query.ids);
    CHECK(got.users == query.users);
    CHECK(got.remotes == query.remotes);
    CHECK(got.drives == query.drives);
    CHECK(got.programs == query.programs);
    CHECK(got.pids == query.pids);
    CHECK(got.actions == query.actions);
    CHECK(got.outcomes == query.outcomes);
    CHECK(got.errors == query.errors);
    CHECK(got.servers == query.servers);
    CHECK(got.shares == query.shares);
    CHECK(got.providers == query.providers);
    CHECK(got.tags == query.tags);
    CHECK(got.rules == query.rules);
    CHECK(got.texts == query.texts);
    CHECK(got.fields == query.fields);
    CHECK(got.sessions == query.sessions);
    CHECK(got.session_types == query.session_types);
    CHECK(got.sources == query.sources);
    CHECK(got.decisions == query.decisions);
    CHECK(got.first == query.first);
    CHECK(got.by_ending);
    CHECK(got.notifications);
    CHECK(got.from == query.from);
    CHECK(got.newest == query.newest);
    CHECK(got.newest_first);
}

TEST_CASE("a query does not carry whose operations may be seen") {
    Query query;
    query.only_user_sid = "S-1-5-21-1";
    CHECK(query_to_json(query).dump().find("S-1-5-21-1") == std::string::npos);
    Query got;
    CHECK_FALSE(query_from_json(json{{"only_user_sid", "S-1-5-18"}}, got));
}

TEST_CASE("a query without ids says nothing of them, so that a service of before understands it") {
    for (const char* const name : {"ids", "servers", "fields", "from", "byEnding", "first", "sessions"}) {
        CHECK_FALSE(query_to_json(Query{}).contains(name));
    }
}

TEST_CASE("what is no query is refused whole") {
    const auto* bad = GENERATE(
        R"([])", R"(null)", R"({"since": "now"})", R"({"since": 1e99})", R"({"pids": [-1]})",
        R"({"pids": [4294967296]})", R"({"pids": 4})", R"({"users": [1]})", R"({"actions": [4]})",
        R"({"outcomes": [9]})", R"({"newest": -1})", R"({"newestFirst": 1})", R"({"ids": ["1"]})",
        R"({"ids": [18446744073709551615]})", R"({"wish": true})", R"({"errors": [1.5]})", R"({"servers": "a"})",
        R"({"sessionTypes": [0]})", R"({"sessionTypes": [4]})", R"({"sources": [3]})", R"({"decisions": [0]})",
        R"({"fields": [["a"]]})", R"({"fields": [["a", 1]]})", R"({"from": [1]})", R"({"from": [1, -1]})",
        R"({"from": [-1, 1]})", R"({"byEnding": 1})", R"({"first": "1"})", R"({"notifications": 0})");
    Query got;
    CAPTURE(bad);
    CHECK_FALSE(query_from_json(json::parse(bad), got));
}

TEST_CASE("a query of a thousand values or of a huge text is refused") {
    Query got;
    CHECK_FALSE(query_from_json(json{{"users", std::vector<std::string>(1000, "x")}}, got));
    CHECK_FALSE(query_from_json(json{{"users", {std::string(100'000, 'x')}}}, got));
}

TEST_CASE("how far an answer went comes back from JSON as it went") {
    const Reached reached{{0xFFFF'FFFF'0000'0001, 42}, PlaceProblem::expired};
    Reached got;
    REQUIRE(reached_from_json(json::parse(reached_to_json(reached).dump()), got));
    CHECK(got.place == reached.place);
    CHECK(got.problem == reached.problem);
    for (const char* const bad : {"", "null", "{}", R"({"place": [1, 2]})", R"({"place": [1], "problem": 0})",
                                  R"({"place": [1, 2], "problem": 3})"}) {
        CHECK_FALSE(reached_from_json(json::parse(bad, nullptr, false), got));
    }
}
