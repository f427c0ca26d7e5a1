#include "service/store/open.hpp"
#include "service/store/open_or_replace.hpp"
#include "service/store/sqlite_store.hpp"
#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <fstream>

using namespace maptrail;
using namespace maptrail::test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr auto clock_of_test = [] { return base_time; };

std::vector<Notification> many(std::uint64_t first, std::uint64_t last) {
    std::vector<Notification> batch;
    for (std::uint64_t i = first; i <= last; ++i) {
        batch.push_back(connect(i, base_time + static_cast<std::int64_t>(i)));
        batch.push_back(after(batch.back()));
    }
    return batch;
}

/// Destroys every page but the first, in the database and in the log.
void destroy(const std::filesystem::path& file) {
    Database(utf8_path(file), SQLITE_OPEN_READWRITE).execute("PRAGMA wal_checkpoint(TRUNCATE)");
    const auto size = static_cast<std::streamoff>(std::filesystem::file_size(file));
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekp(4096);
    const std::string rubbish(static_cast<std::size_t>(size - 4096), '\xEE');
    stream.write(rubbish.data(), static_cast<std::streamsize>(rubbish.size()));
    REQUIRE(stream.good());
}

struct ReplaceFixture {
    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "history.db";
    std::vector<std::string> reports;
    std::unique_ptr<Store> store = open_or_replace_store(file, clock_of_test, "host",
                                                         [this](const std::string& line) { reports.push_back(line); });
};

} // namespace

TEST_CASE_METHOD(ReplaceFixture, "A database that is found damaged in use is replaced, and the batch is in the new one",
                 "[store][loss]") {
    store->record(many(1, 3000));
    destroy(file);
    store->record(many(3001, 3010));
    REQUIRE(reports.size() == 1);
    CHECK_THAT(reports[0], ContainsSubstring("damaged-1700000000") && ContainsSubstring("new history"));
    CHECK(std::filesystem::exists(folder.path() / "history.db.damaged-1700000000"));
    CHECK(store->counts().operations == 10);
    CHECK(store->counts().losses == 1);
    const auto rows = StoreFixture::find_in(*store);
    REQUIRE(rows.size() == 11);
    CHECK(rows[0].action == Action::loss);
    CHECK(rows[0].loss->kind == LossKind::damaged);
    CHECK_THAT(rows[0].reason, ContainsSubstring("damaged-1700000000"));
    // Programs that ran before the new history are not said to have lost what is in the old one.
    const std::chrono::steady_clock::time_point start{std::chrono::hours(1)};
    CHECK(store->settle_gaps(GapRules{.now = start}) == 0);
    CHECK(store->settle_gaps(GapRules{.now = start}) == 0);
    store->record(many(3011, 3012));
    CHECK(reports.size() == 1);
}

TEST_CASE_METHOD(ReplaceFixture, "A new history knows the configuration in force, and the groups that frames name",
                 "[store][loss]") {
    ConfigVersion version{};
    version[0] = 7;
    const GroupSet set{11, {"S-1-5-32-544", "S-1-5-32-545"}};
    store->keep_config(version, "{}");
    store->keep_groups(std::vector{set});
    store->record(many(1, 3000));
    destroy(file);
    store->record(many(3001, 3010));
    REQUIRE(reports.size() == 1);
    CHECK(store->config_of(short_version(version)) == "{}");
    CHECK(store->groups_of(set.id) == set.sids);
}

TEST_CASE_METHOD(ReplaceFixture, "While a damaged database can't be moved aside, each call fails and tries again",
                 "[store][loss]") {
    store->record(many(1, 3000));
    destroy(file);
    // The -wal file can't move: a folder has its new name.
    const auto in_the_way = folder.path() / "history.db.damaged-1700000000-wal";
    std::filesystem::create_directory(in_the_way);
    std::filesystem::create_directory(in_the_way / "x");
    std::ofstream(folder.path() / "history.db-wal", std::ios::app).flush();
    CHECK_THROWS_WITH(store->record(many(3001, 3001)), ContainsSubstring("can't be moved aside"));
    std::ofstream(folder.path() / "history.db-wal", std::ios::app).flush();
    CHECK_THROWS_AS(store->record(many(3001, 3001)), StoreError);
    CHECK(reports.empty());
    std::filesystem::remove_all(in_the_way);
    store->record(many(3001, 3001));
    CHECK(store->counts().operations == 1);
    CHECK(reports.size() == 1);
}

TEST_CASE("A disk without room keeps the store from recording until there is some", "[store][loss]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "history.db";
    auto database = open_for_writing(file, migrations());
    Database& connection = *database;
    SqliteStore store(std::move(database), file, StoreMode::read_write, clock_of_test, "host");
    store.record(many(1, 10), {});
    const std::int64_t pages = connection.integer("PRAGMA page_count");
    connection.execute(("PRAGMA max_page_count = " + std::to_string(pages + 5)).c_str());
    CHECK_THROWS_WITH(store.record(many(11, 1000), {}), ContainsSubstring("disk is full"));
    CHECK_THROWS_WITH(store.record(many(11, 1000), {}), ContainsSubstring("disk is full"));
    CHECK(store.counts().operations == 10); // all of a batch or nothing
    CHECK(store.counts().sent == 20);
    connection.execute("PRAGMA max_page_count = 1000000");
    store.record(many(11, 1000), {});
    CHECK(store.counts().operations == 1000);
    CHECK(store.counts().duplicates == 0);
    const std::chrono::steady_clock::time_point start{std::chrono::hours(1)};
    CHECK(store.settle_gaps(GapRules{.now = start}) == 0);
    CHECK(StoreFixture::find_in(store).size() == 1000);
}
