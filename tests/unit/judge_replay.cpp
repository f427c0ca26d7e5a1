// What is recorded, judged again by the same rules: the same as when it came.
#include "service/judge/judge.hpp"
#include "service/judge/replay_threads.hpp"
#include "service/judge/start_threads.hpp"
#include "tests/unit/rules_random.hpp"
#include "tests/unit/store_fixture.hpp"

#include <atomic>
#include <map>
#include <system_error>
#include <thread>

using namespace maptrail;
using namespace maptrail::rules_test;

namespace {

constexpr std::int64_t test_zone = 5 * 3600 + 45 * 60;

RuleSet random_rule_set(Random& random) {
    std::vector<Rule> rules = random_rules(random, 1 + random.below(12));
    for (std::size_t i = 0; i < rules.size(); ++i) {
        rules[i].name += std::to_string(i);
        rules[i].tags = random.chance(30) ? std::vector<std::string>{"t"} : std::vector<std::string>{};
        if (phases_of(rules[i].when).after) {
            rules[i].drop.reset(); // the loader takes no such rule
        }
    }
    ConfigVersion version{};
    version[0] = 1;
    return RuleSet(std::move(rules), version, sid_of);
}

/// Every set of the vocabulary's groups, its id one more than its place.
const std::vector<GroupSet>& group_sets() {
    static const std::vector<GroupSet> sets = [] {
        std::vector<GroupSet> all;
        for (std::size_t bits = 0; bits < std::size_t{1} << vocabulary::groups.size(); ++bits) {
            GroupSet& set = all.emplace_back();
            set.id = bits + 1;
            for (std::size_t i = 0; i < vocabulary::groups.size(); ++i) {
                if ((bits >> i & 1U) != 0) {
                    set.sids.push_back(vocabulary::groups[i]);
                }
            }
        }
        return all;
    }();
    return sets;
}

Notification random_call(Random& random, std::uint64_t number) {
    static const std::vector<std::string> remotes{"A", "\\\\nas\\c$", "\\\\NAS\\public\\x", "\\\\64.0.64.64\\b",
                                                  "\\\\Stra\xC3\x9F"
                                                  "e\\\xC3\xA9t\xC3\xA9"};
    Notification n = test::connect(number, test::base_time + static_cast<std::int64_t>(number) * 7'919 * test::second);
    if (random.chance(30)) {
        n = test::disconnect(number, n.time);
        if (random.chance(40)) {
            n.local_name = random.of(remotes);
        } else if (random.chance(60)) {
            n.device = R"(\Device\Mup\;LanmanRedirector\;Z:0000000000012345\nas\c$)";
        }
        n.forced = random.chance(50);
    } else {
        n.local_name = random.chance(30) ? "" : random.chance(20) ? "LPT1:" : "Z:";
        n.remote_name = random.of(remotes);
        n.provider = random.chance(50) ? "nas" : "";
        n.resource_type = static_cast<std::uint32_t>(random.below(3));
    }
    n.flags = static_cast<std::uint32_t>(random.below(16));
    n.identity.user_name = random.chance(80) ? random.of(vocabulary::names) : "";
    n.identity.user_domain = n.identity.user_name.empty() ? "" : random.of(vocabulary::domains);
    n.identity.user_sid = random.of(vocabulary::sids);
    if (random.chance(80)) {
        n.identity.group_set = 1 + random.below(group_sets().size());
    }
    n.identity.elevated = random.chance(50);
    n.identity.integrity = static_cast<std::uint32_t>(random.below(4)) * 0x1000;
    n.identity.session_type = static_cast<SessionType>(random.below(4));
    n.process.path = random.chance(80) ? random.of(vocabulary::programs) : "";
    n.process.bitness = static_cast<std::uint8_t>(random.below(3) * 32);
    n.source = random.chance(80) ? Source::pipe : Source::spool;
    return n;
}

/// Has the judge say it, as the listener does, and puts into the notification what is recorded of it.
void judge_live(Judge& judge, Notification& n) {
    const std::u16string local = to_utf16(n.local_name);
    const std::u16string remote = to_utf16(n.remote_name);
    const std::u16string provider = to_utf16(n.provider);
    const std::u16string device = to_utf16(n.device);
    wire::Request request;
    request.action = static_cast<wire::Action>(n.action);
    request.phase = n.phase;
    request.status = n.status;
    request.flags = n.flags;
    request.attributes = n.forced ? wire::attribute::forced : 0;
    request.resource_type = n.resource_type;
    request.time = static_cast<std::uint64_t>(n.time / 100) + 116'444'736'000'000'000;
    request.local.view = local;
    request.remote.view = remote;
    request.provider.view = provider;
    request.device.view = device;
    Judge::Turn turn(judge);
    const Verdict verdict = turn.judge(
        request, n.source,
        {n.identity, n.process, n.identity.group_set == 0 ? nullptr : &group_sets().at(n.identity.group_set - 1).sids});
    JudgementRecord record;
    REQUIRE(decode_judgement(verdict.record, n.phase, record));
    n.judged = record.judged;
    n.config = record.version;
    n.drop = record.drop;
    n.decision = verdict.decision;
}

struct Live {
    std::optional<Notification> before;
    std::optional<Notification> after;
};

/// Both notifications as they came, or one of them: by the operation's start.
std::map<std::int64_t, Live> make_calls(Random& random, Judge& judge, std::uint64_t count, Store& store) {
    std::map<std::int64_t, Live> all;
    for (std::uint64_t number = 1; number <= count; ++number) {
        const Notification call = random_call(random, number);
        Live live;
        if (random.chance(90)) {
            judge_live(judge, live.before.emplace(call));
        }
        const bool denied = live.before && live.before->decision == Decision::deny;
        if (!live.before || random.chance(denied ? 10 : 90)) {
            live.after = test::after(call, random.of(vocabulary::statuses));
            if (call.action == Action::disconnect && live.after->status == 0) {
                live.after->provider = "nas";
            }
            judge_live(judge, *live.after);
        }
        std::vector<Notification> batch;
        for (const auto& half : {live.before, live.after}) {
            if (half) {
                batch.insert(random.chance(20) ? batch.begin() : batch.end(), *half);
            }
        }
        store.record(batch);
        all.emplace(batch.size() == 2 || live.before ? call.time : live.after->time, std::move(live));
    }
    return all;
}

void check_same(const RuleSet& rules, const std::optional<Notification>& live,
                const std::optional<rules::Judgement>& again) {
    REQUIRE(live.has_value() == again.has_value());
    if (!live) {
        return;
    }
    const Judged judged = rules.judged(*again, live->phase);
    CHECK(judged == live->judged);
    CHECK(again->decision == live->decision);
    CHECK(again->drop == live->drop);
}

} // namespace

TEST_CASE("replaying what was judged live gives the same verdicts and rules, operation by operation", "[replay]") {
    std::uint64_t denied = 0;
    std::uint64_t matched = 0;
    std::uint64_t compared = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        Random random(seed);
        const RuleSet rules = random_rule_set(random);
        Judge judge;
        judge.set_zone(ZoneTable([](std::int64_t) { return test_zone; }, test::base_time / test::second));
        judge.take(rules);
        const test::StoreFixture history;
        history.store->keep_groups(group_sets());
        const auto calls = make_calls(random, judge, 50, *history.store);
        const ZoneOffset zone = [](std::int64_t) { return test_zone; };
        const auto groups = [&](std::uint64_t set) { return history.store->groups_of(set); };
        RecordedJudge again(rules, zone, groups);
        Replay replay(rules, zone, 2, groups);
        for (const Operation& operation : history.find()) {
            CAPTURE(operation.id, operation.local_name, operation.remote_name, operation.reason);
            REQUIRE(calls.contains(operation.start));
            const Live& live = calls.at(operation.start);
            const RecordedJudgement judgement = again.judge(operation);
            check_same(rules, live.before, judgement.before);
            check_same(rules, live.after, judgement.after);
            replay.add(operation);
            denied += judgement.denied ? 1U : 0U;
            matched += operation.judged.rules.empty() ? 0U : 1U;
            ++compared;
        }
        CHECK(replay.totals().differ == 0);
        CHECK(replay.totals().newly_denied + replay.totals().no_longer_denied == 0);
    }
    CHECK(compared > 1'500);
    CHECK(denied > 100);
    CHECK(matched > 500);
}

namespace {

Operation recorded_connect(std::int64_t id, const std::string& remote) {
    Operation o;
    o.id = id;
    o.outcome = Outcome::success;
    o.start = test::base_time + id * test::second;
    o.end = o.start + 1;
    o.remote_name = remote;
    o.remote_from = RemoteFrom::call;
    o.identity.user_sid = "S-1-5-21-1";
    return o;
}

Rule denying(const char* name, Mode mode, const char* server) {
    Rule result = rule(name, mode, texts(Field::server, {server}));
    result.deny = 5;
    return result;
}

ZoneOffset no_zone() {
    return [](std::int64_t) { return std::int64_t{0}; };
}

} // namespace

TEST_CASE("a replay counts each operation once, and a denial at the rule that decides", "[replay]") {
    Rule both = rule("both", Mode::enforce, numbers(Field::phase, {1, 2}));
    both.tags = {"t"};
    const RuleSet rules({both, denying("first", Mode::audit, "nas*"), denying("second", Mode::enforce, "nas1"),
                         denying("third", Mode::enforce, "nas1")},
                        {}, {});
    Replay replay(rules, no_zone(), 1);
    replay.add(recorded_connect(1, "\\\\nas1\\x"));
    replay.add(recorded_connect(2, "\\\\nas2\\x"));
    replay.add(recorded_connect(3, "\\\\other\\x"));
    Operation lost;
    lost.action = Action::loss;
    replay.add(lost);
    const auto& by_rule = replay.rules();
    CHECK(by_rule[0].counts.matched == 3);
    CHECK(by_rule[0].counts.tagged == 3);
    CHECK(by_rule[0].examples.size() == 1);
    CHECK(by_rule[1].counts.matched == 2);
    CHECK(by_rule[1].counts.audited == 1);
    CHECK(by_rule[1].counts.denied == 0);
    CHECK(by_rule[2].counts.denied == 1);
    CHECK(by_rule[3].counts.matched == 1);
    CHECK(by_rule[3].counts.denied == 0);
    const ReplayTotals& totals = replay.totals();
    CHECK(totals.operations == 3);
    CHECK(totals.losses == 1);
    CHECK(totals.counts.matched == 3);
    CHECK(totals.counts.tagged == 3);
    CHECK(totals.counts.denied == 1);
    CHECK(totals.counts.audited == 1);
    CHECK(totals.newly_denied == 1);
    CHECK(totals.differ == 2);
}

TEST_CASE("what is denied now has no end that rules could look at", "[replay]") {
    const RuleSet rules(
        {denying("deny", Mode::enforce, "nas"), rule("ended", Mode::enforce, numbers(Field::outcome, {1}))}, {}, {});
    RecordedJudge judge(rules, no_zone());
    Operation operation = recorded_connect(1, "\\\\nas\\x");
    CHECK_FALSE(judge.judge(operation).after);
    operation.remote_name = "\\\\other\\x";
    CHECK(judge.judge(operation).after->count == 1);
    operation.outcome = Outcome::pending;
    CHECK_FALSE(judge.judge(operation).after);
}

TEST_CASE("examples differ in user, program or remote name", "[replay]") {
    const RuleSet rules({rule("all", Mode::audit)}, {}, {});
    Replay replay(rules, no_zone(), 2);
    for (const std::int64_t id : {1, 2, 3}) {
        replay.add(recorded_connect(id, "\\\\nas\\x"));
    }
    replay.add(recorded_connect(4, "\\\\nas\\y"));
    replay.add(recorded_connect(5, "\\\\nas\\z"));
    const auto& examples = replay.rules()[0].examples;
    REQUIRE(examples.size() == 2);
    CHECK(examples[0].id == 1);
    CHECK(examples[1].id == 4);
}

TEST_CASE("a connection that the notifyee refused by itself is no verdict of the rules", "[replay]") {
    const RuleSet rules;
    Replay replay(rules, no_zone(), 0);
    Operation refused = recorded_connect(1, "\\\\nas\\x");
    refused.decision = Decision::deny;
    refused.outcome = Outcome::denied;
    refused.judged.denied_status = 1223;
    replay.add(refused);
    CHECK(replay.totals().differ == 0);
    refused.judged.rules.push_back({"gone", Phase::before, false, effect::deny, 0, {}, ""});
    replay.add(refused);
    CHECK(replay.totals().no_longer_denied == 1);
}

TEST_CASE("rules on the time of day look at the operation's own moment, by the zone of that moment", "[replay]") {
    Condition night = texts(Field::time, {});
    night.times = {{2 * 60, 3 * 60}};
    const RuleSet rules({rule("at two", Mode::enforce, night)}, {}, {});
    // Clocks go forward at 01:00 UTC: 01:30 UTC is 03:30, and half an hour before 01:00 it is 01:30.
    const std::int64_t change = 1'774'746'000;
    RecordedJudge judge(rules, [](std::int64_t utc) { return std::int64_t{utc >= change ? 7200 : 3600}; });
    const auto matches_at = [&](std::int64_t seconds) {
        Operation operation = recorded_connect(1, "\\\\nas\\x");
        operation.start = seconds * test::second;
        return judge.judge(operation).before->count == 1;
    };
    CHECK_FALSE(matches_at(change - 1));
    CHECK_FALSE(matches_at(change));
    CHECK(matches_at(change - 86'400));
    CHECK(matches_at(change + 86'400 - 3'600));
}

TEST_CASE("several threads give what one gives, examples in the same order", "[replay]") {
    Random random(7);
    const RuleSet rules(
        {rule("members", Mode::enforce, texts(Field::group, {"S-1-1-0"})), denying("deny", Mode::enforce, "nas*")}, {},
        {});
    const RecordedJudge::Groups groups = [](std::uint64_t set) {
        return set == 1 ? std::optional(std::vector<std::string>{"S-1-1-0"}) : std::nullopt;
    };
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{2'000}, std::size_t{31'999}}) {
        Replay one(rules, no_zone(), 50, groups);
        ReplayThreads several(rules, no_zone(), 50, 4, groups);
        for (std::size_t i = 0; i < count; ++i) {
            Operation operation =
                recorded_connect(static_cast<std::int64_t>(i), "\\\\nas" + std::to_string(random.below(70)) + "\\x");
            operation.identity.group_set = random.below(3);
            one.add(operation);
            several.add(operation);
        }
        const Replay& together = several.finish();
        CHECK(together.totals().operations == count);
        CHECK(together.totals().counts.denied == one.totals().counts.denied);
        CHECK((count < 2'000 || together.rules()[0].counts.matched > 100));
        CHECK(together.totals().newly_denied == one.totals().newly_denied);
        for (std::size_t i = 0; i < 2; ++i) {
            const auto& examples = together.rules()[i].examples;
            CHECK(std::ranges::equal(examples, one.rules()[i].examples, {}, &Operation::id, &Operation::id));
            CHECK(together.rules()[i].counts.matched == one.rules()[i].counts.matched);
        }
    }
}

TEST_CASE("a replay that is given up, or fails in a thread, ends", "[replay]") {
    const RuleSet rules({rule("all", Mode::audit)}, {}, {});
    {
        ReplayThreads given_up(rules, no_zone(), 0, 2);
        for (std::int64_t id = 0; id < 10'000; ++id) {
            given_up.add(recorded_connect(id, "\\\\nas\\x"));
        }
    }
    ReplayThreads failing(
        rules, [](std::int64_t) -> std::int64_t { throw std::runtime_error("no zone"); }, 0, 2);
    failing.add(recorded_connect(1, "\\\\nas\\x"));
    CHECK_THROWS_WITH(failing.finish(), "no zone");
}

TEST_CASE("where the system has no more threads fewer will do, but not none", "[replay]") {
    std::atomic<unsigned> ran{0};
    unsigned left = 3;
    const auto start = [&] {
        if (left == 0) {
            throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
        }
        --left;
        return std::thread([&ran] { ++ran; });
    };
    std::vector<std::thread> threads = start_threads(2, start);
    CHECK(threads.size() == 2);
    left = 3;
    std::ranges::move(start_threads(8, start), std::back_inserter(threads));
    CHECK(threads.size() == 5);
    CHECK_THROWS_AS(start_threads(1, start), std::system_error);
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(ran == 5);
}
