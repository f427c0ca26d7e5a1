// What verify_history finds of what somebody changed by hand.
#include "service/store/chain_beginning.hpp"
#include "service/store/chain_writer.hpp"
#include "service/store/row_digest.hpp"
#include "service/store/statement.hpp"
#include "tests/unit/store_chain.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>
#include <sstream>

using namespace maptrail;
using namespace maptrail::test;

namespace {

/// Rows of several kinds, each sealed once or twice; by hand.
struct TamperFixture : ChainFixture {
    ChainHead head;

    TamperFixture() {
        for (std::uint64_t i = 1; i <= 5; ++i) {
            Notification n = connect(i, base_time + static_cast<std::int64_t>(i) * second);
            n.provider = "Microsoft Windows Network";
            n.judged.rules.emplace_back().name = "a rule";
            record({n});
            if (i != 4) {
                record({after(n, i == 2 ? 53 : 0)});
            }
        }
        Loss loss;
        loss.id.fill(3);
        loss.time = base_time;
        loss.reason = "the disk was full";
        loss.producer.emplace().fill(7);
        store->record({}, std::span(&loss, 1));
        head = store->head();
        REQUIRE(verify(head).fits());
    }

    /// `aside` is a database beside it, so that what is kept there is not found in the history.
    void by_hand(const std::string& sql) const {
        Database hand(utf8_path(file), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        hand.execute(("ATTACH '" + utf8_path(folder.path() / "aside.db") + "' AS aside; " + sql).c_str());
    }

    /// The only thing that does not fit.
    [[nodiscard]] Finding the_one() const {
        const Verification result = verify();
        REQUIRE(result.misfits == 1);
        REQUIRE(result.findings.size() == 1);
        return result.findings.front();
    }
};

bool has(const Verification& result, Misfit misfit, std::int64_t entry) {
    return std::ranges::any_of(result.findings, [&](const Finding& finding) {
        return finding.misfit == misfit && finding.entry == static_cast<std::uint64_t>(entry);
    });
}

std::vector<std::string> hashed_columns() {
    std::vector<std::string> names;
    std::istringstream list(sealed_columns);
    for (std::string name; list >> name;) {
        names.push_back(name.ends_with(',') ? name.substr(0, name.size() - 1) : name);
    }
    return names;
}

} // namespace

TEST_CASE_METHOD(TamperFixture, "A change of any column is named, and its undoing fits again", "[store][chain]") {
    for (const std::string& column : hashed_columns()) {
        if (column == "id") {
            continue; // below
        }
        for (const std::int64_t id : {2, 4, 6}) {
            INFO(column << " of " << id);
            const std::string where = " WHERE id = " + std::to_string(id);
            by_hand("CREATE TABLE aside.kept AS SELECT " + column + " AS value FROM operation" + where);
            by_hand("UPDATE operation SET " + column + " = CASE typeof(" + column + ") WHEN 'integer' THEN ~" + column +
                    " WHEN 'text' THEN " + column + " || 'x' ELSE 0 END" + where);
            const Finding finding = the_one();
            CHECK(finding.misfit == Misfit::content_changed);
            CHECK(finding.operation == id);
            CHECK(finding.entry != 0);
            by_hand("UPDATE operation SET " + column + " = (SELECT value FROM aside.kept)" + where +
                    "; DROP TABLE aside.kept");
        }
    }
    CHECK(verify(head).fits());
}

TEST_CASE_METHOD(TamperFixture, "A change of any single byte of any text is named", "[store][chain]") {
    std::size_t bytes = 0;
    for (const std::string& column : hashed_columns()) {
        for (const std::int64_t id : {1, 2, 6}) {
            const std::string where = " WHERE id = " + std::to_string(id);
            const std::string value = raw().text(
                ("SELECT CASE typeof(" + column + ") WHEN 'text' THEN " + column + " END FROM operation" + where)
                    .c_str());
            for (std::size_t i = 0; i < value.size(); ++i) {
                std::string changed = value;
                changed[i] = static_cast<char>(static_cast<unsigned char>(changed[i]) ^ (1U << (i % 7)));
                const auto set = [&](const std::string& text) {
                    Database other = raw();
                    Statement update(other, "UPDATE operation SET " + column + " = ?" + where);
                    update.bind(1, std::string_view(text));
                    update.run();
                };
                INFO(column << " of " << id << ", byte " << i);
                set(changed);
                const Finding finding = the_one();
                CHECK(finding.misfit == Misfit::content_changed);
                CHECK(finding.operation == id);
                set(value);
                ++bytes;
            }
        }
    }
    CHECK(bytes > 300);
    CHECK(verify(head).fits());
}

TEST_CASE_METHOD(TamperFixture, "A change of any single byte of a number is named", "[store][chain]") {
    for (unsigned bit = 0; bit < 64; bit += 8) {
        const std::string flip = "UPDATE operation SET logon_id = (logon_id | (1 << " + std::to_string(bit) +
                                 ")) - (logon_id & (1 << " + std::to_string(bit) + ")) WHERE id = 3";
        by_hand(flip);
        CHECK(the_one().operation == 3);
        by_hand(flip);
        CHECK(verify().fits());
    }
}

TEST_CASE_METHOD(TamperFixture, "What moved from one text to the next is named", "[store][chain]") {
    by_hand("UPDATE operation SET user_name = user_name || substr(user_domain, 1, 1), user_domain = "
            "substr(user_domain, 2) WHERE id = 1");
    CHECK(the_one().operation == 1);
}

TEST_CASE_METHOD(TamperFixture, "The first of several is named first", "[store][chain]") {
    by_hand("UPDATE operation SET pid = 1 WHERE id IN (3, 2, 5)");
    const Verification result = verify();
    CHECK(result.misfits == 3);
    CHECK(result.findings.front().operation == 2);
    CHECK(result.findings.back().operation == 5);
    CHECK_FALSE(result.fits());
    CHECK(verify(head).kept_head == HeadFate::found); // the entries are untouched
}

TEST_CASE_METHOD(TamperFixture, "A record that was deleted is named", "[store][chain]") {
    by_hand("DELETE FROM operation WHERE id = 3");
    CHECK(the_one().misfit == Misfit::record_missing);
    CHECK(the_one().operation == 3);

    // With its entries too: the chain is broken behind them.
    by_hand("DELETE FROM seal WHERE operation = 3");
    CHECK(the_one().misfit == Misfit::chain_broken);
    CHECK(the_one().operation == 4);
}

TEST_CASE_METHOD(TamperFixture, "That the newest records were dropped is found by a head that was kept",
                 "[store][chain]") {
    by_hand("DELETE FROM operation WHERE id >= 5");
    CHECK(verify().findings.front().misfit == Misfit::record_missing);
    CHECK(verify().findings.front().operation == 5);
    by_hand("DELETE FROM seal WHERE operation >= 5");
    CHECK(verify().fits()); // nothing in the database tells
    Verification result = verify(head);
    CHECK(result.kept_head == HeadFate::missing);
    CHECK_FALSE(result.fits());
    CHECK(verify(ChainHead{0, head.hash}).kept_head == HeadFate::missing);

    // What is recorded after that has the numbers of what is gone.
    store.reset();
    open();
    for (std::uint64_t i = 11; i <= 15; ++i) {
        record({connect(i)});
    }
    CHECK(verify().fits());
    CHECK(store->head().number > head.number);
    CHECK(verify(head).kept_head == HeadFate::missing);
}

TEST_CASE_METHOD(TamperFixture, "Entries that are dropped while the service runs leave a gap", "[store][chain]") {
    by_hand("DELETE FROM operation WHERE id >= 5; DELETE FROM seal WHERE operation >= 5");
    record({connect(11)});
    const Verification result = verify();
    REQUIRE(result.misfits == 2);
    CHECK(result.findings[0].misfit == Misfit::chain_broken);
    CHECK(result.findings[1].misfit == Misfit::incident);
    CHECK(store->take_tampering().size() == 1);
}

TEST_CASE_METHOD(TamperFixture, "Records that changed places are named", "[store][chain]") {
    by_hand("UPDATE operation SET id = -1 WHERE id = 2; UPDATE operation SET id = 2 WHERE id = 3; "
            "UPDATE operation SET id = 3 WHERE id = -1");
    const Verification result = verify();
    CHECK(result.misfits == 2);
    CHECK(result.findings.front().operation == 2);
    CHECK(result.findings.front().misfit == Misfit::content_changed);
}

TEST_CASE_METHOD(TamperFixture, "A record that was put in, or put back, is named", "[store][chain]") {
    by_hand("CREATE TEMP TABLE t AS SELECT * FROM operation WHERE id = 1; UPDATE t SET id = 100, loss_id = NULL; "
            "INSERT INTO operation SELECT * FROM t");
    CHECK(the_one().misfit == Misfit::never_sealed);
    CHECK(the_one().operation == 100);
    by_hand("DELETE FROM operation WHERE id = 100");
    CHECK(verify().fits());

    by_hand("CREATE TABLE aside.kept AS SELECT * FROM operation WHERE id = 1");
    CHECK(store->forget_before(base_time + second + 1, 10) == 2);
    CHECK(verify().fits());
    by_hand("INSERT INTO operation SELECT * FROM aside.kept");
    CHECK(the_one().operation == 1);
}

TEST_CASE_METHOD(TamperFixture, "A change of an entry is named", "[store][chain]") {
    const std::int64_t entries = raw().integer("SELECT max(number) FROM seal");
    for (std::int64_t number = 1; number <= entries; ++number) {
        const std::string where = " WHERE number = " + std::to_string(number);
        for (const char* const column : {"content", "hash", "time", "operation"}) {
            INFO(column << " of " << number);
            by_hand("CREATE TABLE aside.kept AS SELECT " + std::string(column) + " AS value FROM seal" + where);
            const bool is_hash = column[0] == 'c' || column[0] == 'h';
            by_hand("UPDATE seal SET " + std::string(column) + " = " +
                    (is_hash ? "randomblob(32)" : std::string(column) + " + 1") + where);
            const Verification result = verify();
            CHECK_FALSE(result.fits());
            CHECK(has(result, Misfit::entry_changed, number));
            CHECK((!is_hash || result.findings.at(0).entry == static_cast<std::uint64_t>(number)));
            by_hand("UPDATE seal SET " + std::string(column) + " = (SELECT value FROM aside.kept)" + where +
                    "; DROP TABLE aside.kept");
        }
    }
    CHECK(verify(head).fits());
}

TEST_CASE_METHOD(TamperFixture, "A change of a list of removals is named", "[store][chain]") {
    CHECK(store->forget_before(base_time + 2 * second, 10) == 2);
    REQUIRE(verify().fits());
    const std::int64_t number = raw().integer("SELECT number FROM seal WHERE operation = 0");
    for (const char* const text : {"'[1,6,2]'", "'[1]'", "'x'", "'{}'", "'[\"1\"]'", "NULL", "''", "zeroblob(100)",
                                   "'[[1,501]]'", "'[[1,9223372036854775807]]'", "'[[2,1]]'", "'[0]'", "'[[1,2,3]]'"}) {
        INFO(text);
        by_hand("UPDATE seal SET note = CAST(" + std::string(text) + " AS TEXT) WHERE operation = 0");
        const Verification result = verify();
        CHECK_FALSE(result.fits());
        CHECK((has(result, Misfit::entry_changed, number) || has(result, Misfit::entry_unreadable, number)));
    }
}

TEST_CASE_METHOD(TamperFixture, "An entry that was put in or taken out breaks the chain", "[store][chain]") {
    by_hand("DELETE FROM seal WHERE number = 1"); // which tells where it begins
    CHECK(verify().misfits == 2);
    CHECK(verify().findings[0].misfit == Misfit::chain_broken);
    CHECK(verify().findings[0].entry == 2);
    CHECK(verify().findings[1].misfit == Misfit::beginning_untold);
    by_hand("DELETE FROM seal WHERE number = 4");
    CHECK(verify().misfits == 3);
    by_hand("INSERT INTO seal SELECT number + 1000000000000, operation, time, content, hash, NULL FROM seal "
            "WHERE number = 5");
    CHECK_FALSE(verify().fits());
}

TEST_CASE_METHOD(TamperFixture, "Rubbish in the chain is told of, not stumbled over", "[store][chain]") {
    by_hand("INSERT INTO seal VALUES (-5, 1, 0, x'', x'', NULL), (-9223372036854775807 - 1, 2, 0, x'', x'', NULL), "
            "(9223372036854775807, 0, 0, x'00', x'00', '[-1]'), "
            "(9223372036854775806, -1, -1, x'', x'', 'x'), (500, 9223372036854775807, 0, x'', x'', NULL)");
    const Verification result = verify(head);
    CHECK_FALSE(result.fits());
    CHECK(result.misfits >= 5);
}

TEST_CASE_METHOD(TamperFixture, "No more findings are kept than are shown", "[store][chain]") {
    std::vector<Notification> batch;
    for (std::uint64_t i = 100; i < 3'100; ++i) {
        batch.push_back(connect(i));
    }
    record(batch);
    by_hand("UPDATE operation SET pid = 1");
    const Verification result = verify();
    CHECK(result.misfits == 3'006);
    CHECK(result.findings.size() == most_findings);
    CHECK(result.findings.front().operation == 1);
}

TEST_CASE_METHOD(TamperFixture, "Progress is told, and the history can be written meanwhile", "[store][chain]") {
    std::vector<Notification> batch;
    for (std::uint64_t i = 100; i < 20'100; ++i) {
        batch.push_back(connect(i));
    }
    record(batch);
    std::uint64_t told = 0;
    const Verification result = verify_history(file, head, [&](std::uint64_t done, std::uint64_t total) {
        CHECK(done <= total);
        told = done;
        record({after(connect(100 + done))});
    });
    CHECK(told != 0);
    CHECK(result.fits());
    CHECK(verify(head).fits());
}

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
        CHECK(store->close_pending_before(base_time + 10 * second, "gone") == 1);
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

TEST_CASE_METHOD(TamperFixture, "Nothing is cut off that does not fit", "[store][chain]") {
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
