// Histories that earlier versions wrote, each brought to the schema of this one. tests/unit/histories/ has them as SQL
// text: operations that were connected, failed, disconnected, pending (4), closed, known by their end alone; from
// schema 2 on losses, from 3 on denied and dropped ones, and in 5 a chain whose front retention cut off.
#include "service/store/open.hpp"
#include "service/store/statement.hpp"
#include "tests/unit/store_chain.hpp"

#include <catch_amalgamated.hpp>

#include <fstream>
#include <sstream>

using namespace maptrail;
using namespace maptrail::test;

namespace {

struct OldHistory {
    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "history.db";
    std::int64_t version;

    explicit OldHistory(std::int64_t schema) : version(schema) {
        std::ifstream in(std::filesystem::path(MAPTRAIL_TEST_HISTORIES) /
                         ("schema-" + std::to_string(schema) + ".sql"));
        std::ostringstream sql;
        sql << in.rdbuf();
        Database(utf8_path(file), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE).execute(sql.str().c_str());
    }

    [[nodiscard]] Database raw() const { return Database(utf8_path(file), SQLITE_OPEN_READWRITE); }

    [[nodiscard]] std::unique_ptr<Store> open() const {
        return open_store(
            file, StoreMode::read_write, [] { return base_time + 200 * second; }, "HOST");
    }

    /// Every value of what this table had in the old schema, as text.
    [[nodiscard]] std::string content(const std::string& table, const std::string& columns) const {
        Database database = raw();
        Statement rows(database, "SELECT concat_ws('|', " + columns + ") FROM " + table + " ORDER BY 1",
                       Statement::Life::once);
        std::string text;
        while (rows.step()) {
            text += std::string(rows.text(0)) + "\n";
        }
        return text;
    }

    [[nodiscard]] std::string columns(const std::string& table) const {
        return raw().text(
            ("SELECT group_concat('quote(' || name || ')') FROM pragma_table_info('" + table + "')").c_str());
    }
};

} // namespace

TEST_CASE("A history of an earlier version keeps all that it has, and goes on", "[store][chain]") {
    const std::int64_t version = GENERATE(1, 2, 3, 4, 5);
    CAPTURE(version);
    const OldHistory old(version);
    REQUIRE(old.raw().integer("PRAGMA user_version") == version);
    const std::string operation_columns = old.columns("operation");
    const std::string frame_columns = old.columns("frame");
    const std::string operations = old.content("operation", operation_columns);
    const std::string frames = old.content("frame", frame_columns);
    const std::int64_t rows = old.raw().integer("SELECT count(*) FROM operation");
    const std::int64_t highest = old.raw().integer("SELECT max(id) FROM operation");
    REQUIRE(rows >= 6);

    const auto store = old.open();
    CHECK(old.raw().integer("PRAGMA user_version") == version_of(migrations()));
    CHECK(old.content("operation", operation_columns) == operations);
    CHECK(old.content("frame", frame_columns) == frames);
    Database migrated = old.raw();
    CHECK(foreign_parts(migrated, migrations()).empty());
    CHECK(StoreFixture::find_in(*store).size() == static_cast<std::size_t>(rows));
    const StoreCounts counts = store->counts();
    CHECK(counts.operations + counts.losses == static_cast<std::uint64_t>(rows));
    CHECK(counts.pending == 1);

    Verification result = verify_history(old.file, {});
    CHECK(result.fits());
    if (version < 5) {
        CHECK(result.unproved == static_cast<std::uint64_t>(rows));
        CHECK_FALSE(result.stump.has_value());
    } else {
        CHECK(result.unproved == 0);
        CHECK(result.records == static_cast<std::uint64_t>(rows));
        CHECK(result.removed == 1);
        REQUIRE(result.stump.has_value());
        CHECK(result.stump->last.number == 1);
        CHECK(result.stump->time == base_time + 100 * second);
    }

    // The pending one ends, a new one comes, one that is known comes again, and the oldest go.
    store->record(std::vector{after(connect(4, base_time + 5 * second)), connect(20, base_time + 20 * second),
                              connect(2, base_time + second)});
    CHECK(store->counts().pending == 1); // the new one
    // Schema 1 did not account for numbers: what it lacked is none that is awaited.
    CHECK(store->counts().duplicates == (version == 1 ? 2 : 1));
    CHECK(old.raw().integer("SELECT max(id) FROM operation") == highest + 1);
    CHECK(store->take_tampering().empty());
    CHECK(verify_history(old.file, {}).fits());
    CHECK(store->forget_before(base_time + 4 * second, 100) > 0);
    CHECK(store->take_tampering().empty());
    result = verify_history(old.file, {});
    CHECK(result.fits());
    CHECK(result.removed >= 3);
    CHECK(migrated.text("PRAGMA integrity_check") == "ok");
}

TEST_CASE("What was recorded before there was a chain is counted, and sealed when it changes", "[store][chain]") {
    const OldHistory old(4);
    CHECK_THROWS_WITH(verify_history(old.file, {}), Catch::Matchers::ContainsSubstring("older schema"));
    const auto store = old.open();
    Verification result = verify_history(old.file, {});
    const std::uint64_t before = result.unproved;
    CHECK(result.fits());
    CHECK(result.entries == 1);
    CHECK(result.records == 0);
    CHECK(result.first_unproved == 1);
    const std::int64_t pending = old.raw().integer("SELECT id FROM operation WHERE outcome = 0");
    store->record(std::vector{after(connect(4, base_time + 5 * second)), connect(20)});
    result = verify_history(old.file, {});
    CHECK(result.fits());
    CHECK(result.records >= 2); // with one whose remote name that told
    CHECK(result.records + result.unproved == before + 1);
    old.raw().execute(("UPDATE operation SET pid = 1 WHERE id = " + std::to_string(pending)).c_str());
    result = verify_history(old.file, {});
    REQUIRE(result.misfits == 1);
    CHECK(result.findings.front().operation == pending);
}

TEST_CASE("What was changed in a history of an earlier version is found in the chain alone", "[store][chain]") {
    const OldHistory old(5);
    old.raw().execute("UPDATE operation SET user_name = 'nobody' WHERE id = 2");
    const auto store = old.open();
    const Verification result = verify_history(old.file, {});
    REQUIRE(result.misfits == 1);
    CHECK(result.findings.front().operation == 2);
}

TEST_CASE("There is a history of each earlier schema", "[store]") {
    for (std::int64_t version = 1; version < version_of(migrations()); ++version) {
        CHECK(OldHistory(version).raw().integer("PRAGMA user_version") == version);
    }
}
