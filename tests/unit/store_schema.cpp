#include "tests/unit/store_fixture.hpp"

#include "service/store/open.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>
#include <vector>

using namespace maptrail;
using namespace maptrail::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

namespace {

constexpr const char* make_fake_v2 = "ALTER TABLE operation ADD COLUMN fake TEXT NOT NULL DEFAULT 'new'; "
                                     "CREATE TABLE fake (x INTEGER)";

std::vector<Migration> with(const char* second_step) {
    std::vector<Migration> steps(migrations().begin(), migrations().end());
    steps.push_back({version_of(steps) + 1, second_step});
    return steps;
}

} // namespace

TEST_CASE("The steps are numbered without a gap", "[store]") {
    std::int64_t expected = 1;
    for (const Migration& step : migrations()) {
        CHECK(step.to == expected++);
    }
    CHECK(version_of(migrations()) == expected - 1);
}

TEST_CASE_METHOD(StoreFixture, "A new database has the current schema and the settings that matter", "[store]") {
    Database other = raw();
    CHECK(other.integer("PRAGMA user_version") == version_of(migrations()));
    CHECK(other.integer("PRAGMA application_id") == application_id);
    CHECK(other.text("PRAGMA journal_mode") == "wal");
    CHECK(other.text("SELECT value FROM meta WHERE name = 'schema_writer'").size() >= 5);

    const auto mine = open_for_writing(file, migrations());
    CHECK(mine->integer("PRAGMA synchronous") == 2);
    CHECK(mine->integer("PRAGMA foreign_keys") == 0);
    CHECK(mine->integer("PRAGMA trusted_schema") == 0);
    CHECK(mine->integer("PRAGMA cell_size_check") == 1);
    CHECK(mine->integer("PRAGMA journal_size_limit") == 16'777'216);
    // Defensive: the schema cannot be written as a table.
    CHECK(mine->integer("PRAGMA writable_schema = ON; PRAGMA writable_schema") == 0);
    CHECK_THROWS_AS(mine->execute("UPDATE sqlite_schema SET sql = ''"), SqliteError);
}

TEST_CASE_METHOD(StoreFixture, "An older database is taken to the newer schema with its data", "[store]") {
    record({connect(1)});
    store.reset();
    const auto migrated = open_for_writing(file, with(make_fake_v2));
    CHECK(migrated->integer("PRAGMA user_version") == version_of(migrations()) + 1);
    CHECK(migrated->text("SELECT fake FROM operation WHERE id = 1") == "new");
    CHECK(migrated->integer("SELECT count(*) FROM fake") == 0);
}

TEST_CASE_METHOD(StoreFixture, "A step that fails leaves the older database as it was", "[store]") {
    record({connect(1)});
    store.reset();
    const std::string fails = std::string(make_fake_v2) + "; INSERT INTO no_such_table VALUES (1)";
    CHECK_THROWS_AS(open_for_writing(file, with(fails.c_str())), StoreError);
    CHECK(raw().integer("PRAGMA user_version") == version_of(migrations()));
    CHECK(raw().integer("SELECT count(*) FROM sqlite_schema WHERE name = 'fake'") == 0);
    open();
    CHECK(find().size() == 1);

    const auto fresh = folder.path() / "fresh.db";
    CHECK_THROWS_AS(open_for_writing(fresh, with(fails.c_str())), StoreError);
    CHECK(Database(utf8_path(fresh), SQLITE_OPEN_READWRITE).integer("SELECT count(*) FROM sqlite_schema") == 0);
}

TEST_CASE_METHOD(StoreFixture, "A newer database is refused by name of who wrote it", "[store]") {
    store.reset();
    raw().execute("PRAGMA user_version = 99; UPDATE meta SET value = '9.8.7' WHERE name = 'schema_writer'");
    for (const StoreMode mode : {StoreMode::read_write, StoreMode::read_only}) {
        CHECK_THROWS_MATCHES(open_store(
                                 file, mode, [] { return base_time; }, ""),
                             StoreError,
                             MessageMatches(ContainsSubstring("history.db") && ContainsSubstring("MapTrail 9.8.7") &&
                                            ContainsSubstring("schema 99") && ContainsSubstring("install")));
    }
    CHECK(raw().integer("PRAGMA user_version") == 99);
}

TEST_CASE_METHOD(StoreFixture, "Reading never migrates", "[store]") {
    store.reset();
    CHECK_THROWS_MATCHES(open_for_reading(file, with(make_fake_v2)), StoreError,
                         MessageMatches(ContainsSubstring("older schema")));
    CHECK(raw().integer("PRAGMA user_version") == version_of(migrations()));
}

TEST_CASE_METHOD(StoreFixture, "Another program's database is refused and left alone", "[store]") {
    const auto foreign = folder.path() / "foreign.db";
    const auto open_raw = [&] { return Database(utf8_path(foreign), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE); };
    open_raw().execute("CREATE TABLE bookmarks (url TEXT)");
    for (const StoreMode mode : {StoreMode::read_write, StoreMode::read_only}) {
        CHECK_THROWS_MATCHES(open_store(
                                 foreign, mode, [] { return base_time; }, ""),
                             StoreError, MessageMatches(ContainsSubstring("another program")));
    }
    CHECK(open_raw().text("PRAGMA journal_mode") == "delete");
    CHECK(open_raw().integer("SELECT count(*) FROM sqlite_schema") == 1);
}

TEST_CASE("A database of version 1 keeps its rows and knows of no losses", "[store][loss]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "old.db";
    {
        const auto old = open_for_writing(file, migrations().first(1));
        REQUIRE(old->integer("PRAGMA user_version") == 1);
        old->execute("INSERT INTO producer VALUES (1, x'07070707070707070707070707070707'), "
                     "(2, x'08080808080808080808080808080808');"
                     "INSERT INTO frame VALUES (1, 1), (1, 2), (1, 5), (2, -2);"
                     "INSERT INTO meta VALUES ('operations', 2), ('pending', 1), ('notifications', 4), ('clean', 1);"
                     "INSERT INTO operation (id, producer, number, before_sequence, after_sequence, half, ticks, "
                     "recorded_time, action, outcome, start_time, end_time, duration, error, reason, local_name, "
                     "local_key, remote_name, remote_from, resource_type, provider, flags, forced, truncated, "
                     "user_sid, user_name, user_domain, logon_id, session_id, integrity, elevated, pid, "
                     "process_started, process_path, bitness, source, decision, host) VALUES "
                     "(1, 1, 1, 1, 2, 0, 1, 1, 1, 1, 100, 200, 100, 0, '', 'Z:', 'Z', '\\\\s\\x', 1, 1, '', 0, 0, 0, "
                     "'S-1', 'u', 'd', 5, 1, 8192, 0, 7, 50, 'a.exe', 64, 1, 1, 'H'), "
                     "(2, 1, 3, 5, NULL, 1, 1, 1, 1, 0, 300, 0, -1, 0, '', 'Y:', 'Y', '\\\\s\\y', 1, 1, '', 0, 0, 0, "
                     "'S-1', 'u', 'd', 5, 1, 8192, 0, 7, 50, 'a.exe', 64, 1, 1, 'H')");
    }
    CHECK_THROWS_MATCHES(open_for_reading(file, migrations()), StoreError,
                         MessageMatches(ContainsSubstring("older schema 1")));
    const auto store = open_store(
        file, StoreMode::read_write, [] { return base_time; }, "HOST");
    Database other(utf8_path(file), SQLITE_OPEN_READWRITE);
    CHECK(other.integer("PRAGMA user_version") == version_of(migrations()));
    CHECK(other.integer("SELECT highest FROM producer WHERE id = 1") == 5);
    CHECK(other.integer("SELECT checked FROM producer WHERE id = 1") == 5);
    CHECK(other.integer("SELECT highest FROM producer WHERE id = 2") == 0); // a number past all counting
    CHECK(store->counts().operations == 2);
    CHECK(store->counts().pending == 1);
    CHECK(store->counts().sent == 4);
    CHECK(store->counts().losses == 0);
    auto rows = StoreFixture::find_in(*store);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].local_name == "Z:");
    CHECK_FALSE(rows[0].loss.has_value());

    // What was missing then is not told of, but takes its place when it comes; from now on all is counted.
    const auto frame = [](std::uint64_t sequence) {
        Notification n = connect(sequence, base_time + static_cast<std::int64_t>(sequence));
        n.sequence = sequence;
        n.operation = 100 + sequence;
        return n;
    };
    store->record(std::vector{frame(1), frame(3), frame(6), frame(8)});
    const std::chrono::steady_clock::time_point start{std::chrono::hours(1)};
    CHECK(store->settle_gaps(GapRules{.now = start}) == 0);
    CHECK(store->settle_gaps(GapRules{.now = start}) == 1);
    rows = StoreFixture::find_in(*store);
    CHECK(rows.size() == 6);
    CHECK(std::ranges::count_if(rows, [](const Operation& row) { return row.loss.has_value(); }) == 1);
    const StoreCounts counts = store->counts();
    CHECK(counts.notifications + counts.lost + counts.quarantined == counts.sent);
}
