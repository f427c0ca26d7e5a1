// The chain over the history: what is sealed, and what verify_history says of it.
#include "tests/unit/store_chain.hpp"

#include "service/store/open_or_replace.hpp"
#include "service/store/schema.hpp"

#include <catch_amalgamated.hpp>

#include <fstream>

using namespace maptrail;
using namespace maptrail::test;

namespace {

Notification dropped_by_rule(Notification n) {
    n.drop = true;
    return n;
}

} // namespace

TEST_CASE_METHOD(ChainFixture, "What is hashed of a row is every column of the table", "[store][chain]") {
    std::vector<std::string> in_table;
    Database other = raw();
    Statement columns(other, "SELECT name FROM pragma_table_info('operation') ORDER BY cid", Statement::Life::once);
    while (columns.step()) {
        in_table.emplace_back(columns.text(0));
    }
    // In the table's order, in which a row that is about to change is seen.
    CHECK(hashed_columns() == in_table);
    CHECK(hashed_columns().size() == static_cast<std::size_t>(sealed_column_count));
}

TEST_CASE_METHOD(ChainFixture, "What was recorded fits, in whatever way it came to be", "[store][chain]") {
    CHECK(verify().fits());
    CHECK(store->head().number == 1); // where it begins

    // Both halves at once, one after the other, the second first; closed; inferred late; a loss, and a gap.
    record({connect(1), after(connect(1))});
    CHECK(verify().entries == 2);
    record({connect(2)});
    record({after(connect(2))});
    record({after(connect(3))});
    record({connect(3)});
    record({disconnect(4, base_time + second)});
    record({after(disconnect(4, base_time + second))});
    Notification late = connect(5, base_time + second / 2);
    late.remote_name = R"(\\other\share)";
    record({late, after(late)});
    record({connect(6)});
    CHECK(store->close_pending_before(base_time + second, "gone", 100) == 1);
    Loss loss;
    loss.id.fill(3);
    loss.time = base_time;
    loss.reason = "the disk was full";
    store->record({}, std::span(&loss, 1));
    record({connect(20), after(connect(20))});
    GapRules rules;
    CHECK(store->settle_gaps(rules) == 0);
    rules.now += std::chrono::seconds(1);
    CHECK(store->settle_gaps(rules) != 0);
    Notification found_again = connect(9);
    record({found_again}); // taken out of its gap again

    const Verification result = verify();
    CHECK(result.fits());
    CHECK(result.records == static_cast<std::uint64_t>(raw().integer("SELECT count(*) FROM operation")));
    CHECK(result.entries > result.records);
    CHECK(result.unproved == 0);
    CHECK(result.head == store->head());
    CHECK(result.head.number == result.entries);
    CHECK_FALSE(result.stump.has_value());

    store.reset();
    open();
    CHECK(store->head() == result.head);
    record({connect(30)});
    CHECK(store->head().number == result.head.number + 1);
    CHECK(verify(result.head).kept_head == HeadFate::found);
}

TEST_CASE_METHOD(ChainFixture, "A notification that changes nothing makes no entry", "[store][chain]") {
    record({connect(1)});
    const ChainHead head = store->head();
    record({connect(1)});
    store->keep_config({}, "{}");
    CHECK(store->forget_before(base_time, 10) == 0);
    CHECK(store->head() == head);
}

TEST_CASE_METHOD(ChainFixture, "What a rule keeps out is told of as removed", "[store][chain]") {
    record({connect(1)});
    record({dropped_by_rule(after(connect(1)))});
    record({connect(2), dropped_by_rule(after(connect(2)))}); // came and went: nothing of it was ever there
    record({dropped_by_rule(connect(3)), after(connect(3))});
    CHECK(find().empty());
    CHECK(verify().fits());
    CHECK(verify().entries == 3);
    CHECK(verify().removed == 1);
    CHECK(raw().text("SELECT note FROM seal WHERE number = 3") == "[1]");
}

TEST_CASE_METHOD(ChainFixture, "A transaction that failed leaves the chain as it was", "[store][chain]") {
    record({connect(1), after(connect(1))});
    const ChainHead head = store->head();
    refuse("number = 3");
    CHECK_THROWS_AS(record({connect(2), connect(3)}), StoreError);
    CHECK(store->head() == head);
    refuse_nothing();
    CHECK(verify().fits());
    record({connect(2), connect(3)});
    CHECK(verify().fits());
    CHECK(verify(head).kept_head == HeadFate::found);
}

TEST_CASE_METHOD(ChainFixture, "Retention cuts the chain's front off, and the rest fits", "[store][chain]") {
    // Operation 4 stays pending for long: it is sealed anew.
    for (std::uint64_t i = 1; i <= 10; ++i) {
        now = base_time + static_cast<std::int64_t>(i) * second;
        record({connect(i, now)});
        if (i != 4) {
            record({after(connect(i, now))});
        }
    }
    const ChainHead early = store->head();
    CHECK(early.number == 20);
    now = base_time + 100 * second;
    const auto horizon = [](std::int64_t seconds) { return base_time + seconds * second; };

    CHECK(store->forget_before(horizon(3), 100) == 2);
    Verification result = verify();
    CHECK(result.fits());
    REQUIRE(result.stump.has_value());
    CHECK(result.stump->last.number == 5);
    CHECK(result.stump->time == now);
    CHECK(result.removed == 2);
    CHECK(result.entries == 20 - 5 + 2); // the list of what went, and where it begins

    CHECK(store->forget_before(horizon(8), 100) == 4);
    result = verify(early);
    CHECK(result.fits());
    CHECK(result.stump->last.number == 14);
    CHECK(raw().integer("SELECT count(*) FROM seal WHERE operation = 4") == 1);
    CHECK(raw().integer("SELECT number FROM seal WHERE operation = 4") > static_cast<std::int64_t>(early.number));

    store.reset();
    open();
    CHECK(store->close_pending_before(now, "gone", 100) == 1);
    CHECK(store->forget_before(horizon(8), 100) == 2); // and the loss of the notification that it lacks
    CHECK(store->forget_before(horizon(8), 100) == 0);
    CHECK(verify(early).fits());

    // All of it, lists of removals too, and then it goes on.
    now = base_time + 1'000 * second;
    CHECK(store->forget_before(now, 100) == 3);
    CHECK(store->forget_before(now, 100) == 0);
    result = verify(store->head());
    CHECK(result.fits());
    CHECK(result.records == 0);
    CHECK(verify(early).kept_head == HeadFate::cut_away);
    CHECK_FALSE(verify(early).fits());
    CHECK(verify(ChainHead{0, early.hash}).kept_head == HeadFate::unknown);
    CHECK_FALSE(verify(ChainHead{0, early.hash}).fits());
    now += second;
    CHECK(store->forget_before(now, 100) == 0);
    const ChainHead last = store->head();
    CHECK(verify().entries == 1); // it tells where the chain begins, also when nothing else is left
    CHECK(verify(last).kept_head == HeadFate::found);
    store.reset();
    open();
    CHECK(store->head() == last);
    record({connect(50)});
    CHECK(store->head().number == last.number + 1);
    CHECK(verify(last).fits());
}

TEST_CASE_METHOD(ChainFixture, "Retention does not cover up what somebody deleted", "[store][chain]") {
    for (std::uint64_t i = 1; i <= 3; ++i) {
        now = base_time + static_cast<std::int64_t>(i) * second;
        record({connect(i, now), after(connect(i, now))});
    }
    raw().execute("DELETE FROM operation");
    CHECK(store->forget_before(base_time + 2 * second, 100) == 0);
    const Verification result = verify();
    CHECK(result.misfits == 2); // the first would be gone by now in any case
    CHECK(result.findings.front().misfit == Misfit::record_missing);
    CHECK(result.findings.front().operation == 2);
}

TEST_CASE_METHOD(ChainFixture, "More than one list tells of many removals", "[store][chain]") {
    std::vector<Notification> batch;
    for (std::uint64_t i = 1; i <= 1'200; ++i) {
        batch.push_back(connect(i));
        batch.push_back(after(connect(i)));
    }
    record(batch);
    now = base_time + second;
    CHECK(store->forget_before(now, 1'200) == 1'200);
    CHECK(raw().integer("SELECT count(*) FROM seal WHERE operation = 0") == 3);
    CHECK(raw().text("SELECT note FROM seal WHERE operation = 0") == "[[1,500]]");
    CHECK(raw().integer("SELECT count(*) FROM seal") == 4);
    CHECK(verify().fits());
    CHECK(verify().removed == 1'200);
}

TEST_CASE("A new history in place of a damaged one begins a new chain", "[store][chain]") {
    const TemporaryFolder folder;
    const std::filesystem::path file = folder.path() / "history.db";
    ChainHead before;
    {
        const auto store = open_store(
            file, StoreMode::read_write, [] { return base_time; }, "host");
        store->record(std::vector{connect(1), connect(2), connect(3)});
        before = store->head();
    }
    std::ofstream(file, std::ios::binary | std::ios::in) << std::string(200, 'x');
    const auto store = open_or_replace_store(
        file, [] { return base_time; }, "host", [](const std::string&) {});
    CHECK(store->head().number == 2); // the beginning, and the loss that tells of it
    store->record(std::vector{connect(4)});
    CHECK(verify_history(file, {}).fits());
    CHECK(verify_history(file, before).kept_head == HeadFate::missing);
}

TEST_CASE("A head as text is read again, and nothing else is", "[store][chain]") {
    ChainHead head{4711, {}};
    head.hash.fill(0xAB);
    CHECK(head_from_text(head_text(head)) == head);
    const std::string hash = head_text(head).substr(5);
    CHECK(head_from_text(hash) == ChainHead{0, head.hash});
    for (const std::string& text :
         {std::string(), hash + "0", hash.substr(1), ":" + hash, "0:" + hash, "-1:" + hash, "1 :" + hash,
          "99999999999999999999:" + hash, "x" + hash.substr(1), "1:2:" + hash}) {
        INFO(text);
        CHECK_FALSE(head_from_text(text).has_value());
    }
    std::string upper = hash;
    std::ranges::replace(upper, 'a', 'A');
    CHECK(head_from_text(upper).has_value());
}
