// What the service does when it meets what somebody changed by hand.
#include "tests/unit/store_tampering.hpp"
#include "service/store/chain_beginning.hpp"
#include "service/store/chain_writer.hpp"
#include "service/store/row_digest.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>

using namespace maptrail;
using namespace maptrail::test;

TEST_CASE_METHOD(TamperFixture, "The oldest records cannot be dropped under another beginning", "[store][chain]") {
    // As a schema before 6 kept it, and as an entry of the chain has it.
    const ChainHead last{5, {}};
    by_hand("DELETE FROM operation WHERE id <= 2");
    by_hand("DELETE FROM seal WHERE number <= 5 AND number > 1");
    by_hand("INSERT INTO meta SELECT 'stump', 5 UNION ALL SELECT 'sealed_from', 1000");
    CHECK_FALSE(verify(head).fits());
    by_hand("DELETE FROM seal WHERE number = 1");
    CHECK_FALSE(verify(head).fits());
    store.reset();
    open();
    record({connect(30)});
    CHECK(has(verify(head), Misfit::chain_broken, 6));
    by_hand("UPDATE seal SET operation = -1, note = '" + beginning_text({last, 1'000}) + "' WHERE number = 6");
    CHECK(has(verify(head), Misfit::entry_changed, 6));
}

TEST_CASE_METHOD(TamperFixture, "The service does not seal over what somebody changed", "[store][chain]") {
    SECTION("a record that was made to look old, and is then deleted") {
        by_hand("UPDATE operation SET start_time = 0 WHERE id = 3");
        CHECK(store->forget_before(base_time, 10) == 1);
        CHECK(store->take_tampering() == std::vector<std::string>{"operation 3 had been changed"});
        CHECK(store->take_tampering().empty());
        CHECK(the_one().misfit == Misfit::altered_earlier);
        CHECK(the_one().operation == 3);
    }
    SECTION("one that was pending, and ends") {
        by_hand("UPDATE operation SET user_name = 'nobody' WHERE id = 4");
        Notification n = connect(4, base_time + 4 * second);
        record({after(n)});
        CHECK(store->take_tampering().size() == 1);
        CHECK(the_one().operation == 4);
        CHECK(the_one().misfit == Misfit::altered_earlier);
    }
    SECTION("one that was pending, and is closed") {
        by_hand("UPDATE operation SET process_path = 'x' WHERE id = 4");
        CHECK(store->close_pending_before(base_time + 10 * second, "gone", 100) == 1);
        CHECK(the_one().operation == 4);
    }
    SECTION("one that was put in, and is deleted") {
        by_hand("CREATE TEMP TABLE t AS SELECT * FROM operation WHERE id = 1; UPDATE t SET id = 100, start_time = 0; "
                "INSERT INTO operation SELECT * FROM t");
        CHECK(store->forget_before(base_time, 10) == 1);
        CHECK(the_one().operation == 100);
    }
    SECTION("one that stays while its entry is cut off") {
        by_hand("UPDATE operation SET user_name = 'nobody' WHERE id = 4");
        now = base_time + 100 * second;
        CHECK(store->forget_before(now, 10) == 5);
        CHECK(the_one().operation == 4);
    }
    SECTION("what it finds in order it says nothing of") {
        record({after(connect(4, base_time + 4 * second))});
        now = base_time + 100 * second;
        CHECK(store->forget_before(now, 10) == 6);
        CHECK(store->forget_before(now, 10) == 0);
        CHECK(verify().fits());
    }
    CHECK(verify(head).misfits <= 1);
    (void)store->take_tampering();
    record({connect(40), after(connect(40))});
    CHECK(store->take_tampering().empty());
}

TEST_CASE_METHOD(TamperFixture, "A record's number is not given again", "[store][chain]") {
    by_hand("DELETE FROM operation WHERE id = 6; UPDATE sqlite_sequence SET seq = 5");
    const auto newest = [this] { return raw().integer("SELECT max(id) FROM operation"); };
    record({connect(40)});
    CHECK(newest() == 7);
    CHECK(the_one().misfit == Misfit::record_missing);
    CHECK(the_one().operation == 6);
    by_hand("DELETE FROM operation; UPDATE sqlite_sequence SET seq = 0");
    store.reset();
    open();
    record({connect(41)});
    CHECK(one().id == 8);

    // Nor is one that somebody else gave.
    by_hand("UPDATE operation SET id = 3000000000");
    record({connect(42)});
    CHECK(newest() == 3'000'000'001);
    CHECK(has(verify(), Misfit::record_missing, raw().integer("SELECT number FROM seal WHERE operation = 8")));
}

TEST_CASE_METHOD(TamperFixture, "An entry for a number that was removed is named", "[store][chain]") {
    CHECK(store->forget_before(base_time + 2 * second, 10) == 2);
    by_hand("INSERT INTO seal SELECT (SELECT max(number) + 1 FROM seal), 1, time, content, hash, NULL FROM seal WHERE "
            "operation = 5 LIMIT 1");
    const Verification result = verify();
    CHECK(std::ranges::any_of(result.findings, [](const Finding& finding) {
        return finding.misfit == Misfit::id_reused && finding.operation == 1;
    }));
}

TEST_CASE_METHOD(TamperFixture, "What is not of MapTrail's making in the database is named, and does nothing",
                 "[store][chain]") {
    by_hand("CREATE TRIGGER hide AFTER INSERT ON operation BEGIN UPDATE operation SET user_name = 'x'; END");
    record({connect(40)});
    CHECK(the_one().misfit == Misfit::schema_changed);
    CHECK(the_one().name == "hide");
    by_hand("DROP TRIGGER hide; CREATE TRIGGER operation AFTER INSERT ON operation BEGIN DELETE FROM operation; END");
    CHECK(the_one().name == "operation"); // as a table is called
    store.reset();
    open();
    by_hand("DROP TRIGGER operation");
    CHECK(verify().fits());
    record({connect(41)});
    CHECK(the_one().misfit == Misfit::incident); // that it was there at the start is not forgotten
    CHECK(store->take_tampering().size() == 1);
    CHECK(find().size() == 8);
}

TEST_CASE_METHOD(TamperFixture, "Names in the schema that are no text hold nothing up", "[store][chain]") {
    by_hand("CREATE INDEX \"\xFF\xFE" + std::string(20'000, 'x') + "\" ON operation (pid)");
    for (int i = 0; i < 30; ++i) {
        by_hand("CREATE INDEX i" + std::to_string(i) + " ON operation (pid)");
    }
    store.reset();
    open();
    record({connect(40)});
    CHECK(store->take_tampering().size() == 10);
    const Verification result = verify();
    CHECK(result.misfits == 31 + 10);
    CHECK(std::ranges::all_of(result.findings, [](const Finding& finding) {
        return finding.misfit == Misfit::incident || finding.misfit == Misfit::schema_changed;
    }));
}

TEST_CASE_METHOD(TamperFixture, "What else is missing in the schema is named", "[store][chain]") {
    by_hand("DROP INDEX operation_user; CREATE INDEX operation_user ON operation (user_sid)");
    CHECK(the_one().name == "operation_user");
    by_hand("DROP INDEX operation_user");
    CHECK(the_one().name == "operation_user");
}

TEST_CASE_METHOD(TamperFixture, "Entries that somebody adds are told by the service, or counted since the kept head",
                 "[store][chain]") {
    // Row 2 changed, row 3 removed, each with an entry as MapTrail would make it.
    by_hand("UPDATE operation SET user_name = 'nobody' WHERE id = 2; DELETE FROM operation WHERE id = 3");
    const bool runs = GENERATE(false, true);
    if (!runs) {
        store.reset();
    }
    {
        Database database = raw();
        ChainWriter forger(database);
        Statement row(database, "SELECT " + std::string(sealed_columns) + " FROM operation WHERE id = 2");
        REQUIRE(row.step());
        std::string bytes;
        append_sealed_row(row, bytes);
        forger.append(2, now, sha256(bytes));
        forger.append_note(note::removals, now, "[3]");
    }
    Verification result = verify(head);
    CHECK(result.fits());
    CHECK(result.changed_since == 1);
    CHECK(result.removed_since == 1);
    if (!runs) {
        open();
    }
    record({connect(40)});
    CHECK(store->take_tampering().size() == (runs ? 1 : 0));
    result = verify(head);
    CHECK(result.fits() == !runs);
    CHECK(result.changed_since == 1);
    record({connect(41)});
    CHECK(store->take_tampering().empty()); // once
}

TEST_CASE_METHOD(TamperFixture, "Entries that somebody adds are told although the transaction that met them failed",
                 "[store][chain]") {
    {
        Database database = raw();
        ChainWriter(database).append_note(note::removals, now, "[100]");
    }
    refuse("number = 40");
    CHECK_THROWS_AS(record({connect(40)}), StoreError);
    CHECK(store->take_tampering().empty());
    refuse_nothing();
    record({connect(41)});
    CHECK(store->take_tampering().size() == 1);
    CHECK(the_one().misfit == Misfit::incident);
}

TEST_CASE_METHOD(TamperFixture, "What does not fit is cut off with what is as old, and stays known", "[store][chain]") {
    SECTION("a record changed with its entry") {
        by_hand("UPDATE operation SET user_name = 'nobody' WHERE id = 4; UPDATE seal SET content = x'00' WHERE "
                "operation = 4");
    }
    SECTION("an entry that is missing") {
        by_hand("DELETE FROM seal WHERE number = 4");
    }
    SECTION("the beginning") {
        by_hand("DELETE FROM seal WHERE number = 1");
    }
    const std::uint64_t misfits = verify().misfits;
    REQUIRE(misfits > 0);
    store.reset();
    open();
    now = base_time + 100 * second;
    while (store->forget_before(now, 10) != 0) {
    }
    now += 100 * second;
    CHECK(store->forget_before(now, 10) == 0);
    CHECK_FALSE(verify().fits());
    CHECK_FALSE(store->take_tampering().empty());
    // The chain does not grow for ever, and it is told once.
    for (int i = 0; i < 3; ++i) {
        now += 100 * second;
        record({connect(static_cast<std::uint64_t>(100 + i), now),
                after(connect(static_cast<std::uint64_t>(100 + i), now))});
        (void)store->forget_before(now, 10);
    }
    CHECK(store->take_tampering().empty());
    CHECK(raw().integer("SELECT count(*) FROM seal") <= 12);
    CHECK_FALSE(verify().fits());
}

TEST_CASE_METHOD(TamperFixture, "Entries from the future hold no cutting up, however many", "[store][chain]") {
    now = base_time + 1'000'000 * second; // a clock that is ahead
    std::vector<Notification> batch;
    for (std::uint64_t i = 100; i < 3'100; ++i) {
        batch.push_back(connect(i, base_time));
        batch.push_back(after(connect(i, base_time)));
    }
    record(batch);
    now = base_time + 10 * second; // and is right again
    record({connect(5'000, now), after(connect(5'000, now))});
    now = base_time + 20 * second;
    while (store->forget_before(now, 500) != 0) {
    }
    now += 10 * second; // those that were sealed anew meanwhile
    for (int i = 0; i < 3; ++i) {
        (void)store->forget_before(now, 500);
    }
    CHECK(raw().integer("SELECT count(*) FROM seal") < 100);
    CHECK(verify().fits());
}

TEST_CASE_METHOD(TamperFixture, "Counters that somebody changed have nothing forgotten", "[store][chain]") {
    const StoreCounts before = store->counts();
    by_hand("UPDATE meta SET value = 1000000000 WHERE name = 'operations'");
    const Retention keep{.operations = before.operations + before.losses};
    CHECK_FALSE(store->surplus_before(keep, 500));
    CHECK(store->counts().operations == before.operations);
    CHECK(the_one().misfit == Misfit::incident);
    CHECK(store->take_tampering().size() == 1);
}

TEST_CASE_METHOD(TamperFixture, "Room that forgetting can't make is not asked of it", "[store][chain]") {
    by_hand("INSERT INTO config VALUES (1, x'00', 0, CAST(zeroblob(3000000) AS TEXT))");
    CHECK(store->counts().bytes > 3'000'000);
    CHECK_FALSE(store->surplus_before({.bytes = 1'000'000}, 500));
}

TEST_CASE_METHOD(TamperFixture, "A head tells that entries which it stood for were cut off", "[store][chain]") {
    now = base_time + 50 * second;
    record({connect(60, now)});
    const ChainHead kept = store->head();
    CHECK(verify(kept).cut_since == 0);
    now = base_time + 100 * second;
    CHECK(store->forget_before(base_time + 40 * second, 10) > 0);
    const Verification result = verify(kept);
    CHECK(result.kept_head == HeadFate::found);
    CHECK(result.cut_since != 0);
    CHECK(result.cut_since < kept.number);
    CHECK(verify(store->head()).cut_since == 0); // a later one stands for the cut
}

TEST_CASE_METHOD(TamperFixture, "A clock that was set back cuts nothing off", "[store][chain]") {
    by_hand("DELETE FROM operation WHERE id = 2");
    now = base_time - 1000 * second;
    CHECK(store->forget_before(now, 100) == 0);
    CHECK(store->forget_before(base_time * 2, 1) == 1); // as a surplus of one with a start that is far ahead asks for
    CHECK(the_one().misfit == Misfit::record_missing);
    CHECK(verify(head).kept_head == HeadFate::found);
    CHECK(raw().integer("SELECT value FROM meta WHERE name = 'counted_since'") <= base_time);
}

TEST_CASE_METHOD(TamperFixture, "An emptied history does not fit", "[store][chain]") {
    store.reset();
    by_hand("DELETE FROM operation; DELETE FROM seal");
    CHECK(the_one().misfit == Misfit::beginning_untold);
    open();
    record({connect(40)});
    CHECK(store->take_tampering().size() == 1);
    CHECK_FALSE(verify().fits());
}

TEST_CASE_METHOD(TamperFixture, "A record with an id that MapTrail does not give is named, and spoils nothing",
                 "[store][chain]") {
    by_hand("CREATE TEMP TABLE t AS SELECT * FROM operation WHERE id = 1; UPDATE t SET id = -1, start_time = 0; "
            "INSERT INTO operation SELECT * FROM t");
    CHECK(the_one().misfit == Misfit::never_sealed);
    CHECK(store->forget_before(base_time, 10) == 1);
    CHECK(verify().fits());
    by_hand("UPDATE operation SET id = 9223372036854775807 WHERE id = 5");
    CHECK_THROWS_WITH(record({connect(40)}), Catch::Matchers::ContainsSubstring("no id left"));
}

TEST_CASE_METHOD(TamperFixture, "A foreign key that somebody adds deletes nothing", "[store][chain]") {
    by_hand("CREATE TABLE bait (producer INTEGER, sequence INTEGER REFERENCES operation (id) ON DELETE CASCADE); "
            "INSERT INTO bait VALUES (1, 1)");
    CHECK(store->forget_before(base_time + 1 * second + 1, 10) == 2);
    CHECK(raw().integer("SELECT count(*) FROM bait") == 1);
}
