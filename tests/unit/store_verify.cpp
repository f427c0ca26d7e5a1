// What verify_history finds of what somebody changed by hand.
#include "tests/unit/store_tampering.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>

using namespace maptrail;
using namespace maptrail::test;

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
