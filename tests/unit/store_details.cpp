// Filters that look at more than columns: server and share, rules, fields, a text anywhere.
#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;
using namespace maptrail::test;

namespace {

struct DetailFixture : StoreFixture {
    DetailFixture() {
        auto a = connect(1, base_time + 1);
        a.remote_name = R"(\\nas.corp.local\home\jane)";
        a.provider = "Microsoft Windows Network";
        a.identity.session_type = SessionType::console;
        MatchedRule tagged;
        tagged.name = "home shares";
        tagged.tags = {"home", "nas"};
        a.judged.rules = {tagged};
        auto b = connect(2, base_time + 2);
        b.remote_name = R"(\\box@SSL@443\pub)";
        b.provider = "Web Client Network";
        b.identity.session_id = 7;
        b.identity.session_type = SessionType::remote;
        b.source = Source::spool;
        MatchedRule audited = tagged;
        audited.name = "audit only";
        audited.audit = true;
        audited.effects = effect::deny;
        b.judged.rules = {audited};
        b.judged.denied_status = 5;
        b.judged.would_deny = true;
        auto c = connect(3, base_time + 3);
        c.remote_name = R"(\\nas\pub)";
        c.process.path = R"(C:\Tools\Payroll.exe)";
        c.decision = Decision::deny;
        c.judged.denied_status = 1223;
        record({a, after(a), b, after(b, 53), c});
    }

    using StoreFixture::ids;
    template <typename T>
    [[nodiscard]] std::string ids(std::vector<T> Query::*list, std::vector<T> values) const {
        Query query;
        query.*list = std::move(values);
        return ids(query);
    }
};

} // namespace

TEST_CASE_METHOD(DetailFixture, "Servers and shares", "[store][details]") {
    CHECK(ids(&Query::servers, {"NAS"}) == "3");
    CHECK(ids(&Query::servers, {"nas*"}) == "13");
    CHECK(ids(&Query::servers, {"box"}) == "2");
    CHECK(ids(&Query::shares, {"pub"}) == "23");
    CHECK(ids(&Query::shares, {R"(\\nas\pub)"}) == "3");
    CHECK(ids(&Query::shares, {"//nas*/*"}) == "13");
    CHECK(ids(&Query::shares, {"jane"}).empty());
    Query both;
    both.servers = {"nas*"};
    both.shares = {"pub"};
    CHECK(ids(both) == "3");
}

TEST_CASE_METHOD(DetailFixture, "Providers, sessions, sources, decisions, tags and rules", "[store][details]") {
    CHECK(ids(&Query::providers, {"web*"}) == "2");
    CHECK(ids(&Query::sessions, {7U}) == "2");
    CHECK(ids(&Query::session_types, {SessionType::console}) == "1");
    Query either;
    either.sessions = {7};
    either.session_types = {SessionType::console};
    CHECK(ids(either) == "12");
    CHECK(ids(&Query::sources, {Source::spool}) == "2");
    CHECK(ids(&Query::decisions, {Decision::deny}) == "23"); // also what would have been
    CHECK(ids(&Query::decisions, {Decision::allow}) == "1");
    CHECK(ids(&Query::tags, {"NAS"}) == "1"); // audit gives no tags
    CHECK(ids(&Query::rules, {"*shares", "audit*"}) == "12");
}

TEST_CASE_METHOD(DetailFixture, "A text anywhere", "[store][details]") {
    const auto with = [&](const char* text) { return ids(&Query::texts, {std::string(text)}); };
    CHECK(with("payroll") == "3");
    CHECK(with("corp\\USER1") == "123");
    CHECK(with("corp.*jane") == "1");
    CHECK(with("audit") == "2");
    CHECK(with("nowhere").empty());
    CHECK(ids(&Query::texts, {std::string("payroll"), std::string("box")}) == "23");
}

TEST_CASE_METHOD(DetailFixture, "Fields: any value of one, all of several", "[store][details]") {
    const auto with = [&](std::vector<FieldMatch> fields) { return ids(&Query::fields, std::move(fields)); };
    CHECK(with({{"user.name", "USER1"}}) == "123");
    CHECK(with({{"event.outcome", "failure"}}) == "2");
    CHECK(with({{"event.outcome", "failure"}, {"event.outcome", "denied"}}) == "23");
    CHECK(with({{"event.outcome", "failure"}, {"mapping.remote_name", "*nas*"}}).empty());
    CHECK(with({{"tags", "home"}}) == "1");
    CHECK(with({{"error.code", "53"}}) == "2");
    CHECK(with({{"error.code", "*"}}) == "23"); // any, not none
    CHECK(with({{"mapping.dry_run", "true"}}) == "2");
    CHECK(with({{"rule.name", "audit only"}}) == "2");
}

TEST_CASE_METHOD(DetailFixture, "They count for the newest, and widen nothing", "[store][details]") {
    Query query;
    query.servers = {"nas*"};
    query.newest = 1;
    CHECK(ids(query) == "3");
    query.newest = 2;
    CHECK(ids(query) == "13");
    query.newest_first = true;
    CHECK(ids(query) == "31");
    query.only_user_sid = "S-1-5-21-1-2-3-1002";
    CHECK(ids(query).empty());
}

TEST_CASE_METHOD(DetailFixture, "The notifications that operations are made of", "[store][details]") {
    Query query;
    CHECK_FALSE(find(query)[0].notifications);
    query.notifications = true;
    const auto rows = find(query);
    REQUIRE(rows.size() == 3);
    REQUIRE(rows[0].notifications);
    CHECK(rows[0].notifications->producer == connect(1).producer);
    CHECK(rows[0].notifications->number == 1);
    CHECK(rows[0].notifications->before == 1U);
    CHECK(rows[0].notifications->after == 2U);
    CHECK(rows[2].notifications->before == 5U);
    CHECK_FALSE(rows[2].notifications->after);
}
