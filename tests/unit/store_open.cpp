#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <fstream>

using namespace maptrail;
using namespace maptrail::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

namespace {

std::unique_ptr<Store> open_at(const std::filesystem::path& file, StoreMode mode) {
    return open_store(
        file, mode, [] { return base_time; }, "HOST");
}

void overwrite(const std::filesystem::path& file, std::streamoff position, const std::string& bytes) {
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekp(position);
    stream << bytes;
    stream.flush();
    if (!stream) {
        throw std::runtime_error("cannot overwrite");
    }
}

struct CopyFixture : StoreFixture {
    std::filesystem::path copy = folder.path() / "copy #1 50%?" / "history.db";

    CopyFixture() {
#ifdef _WIN32
        copy = folder.path() / "copy #1 50%" / "history.db"; // a name there has no question mark
#endif
        std::filesystem::create_directories(copy.parent_path());
    }

    [[nodiscard]] static std::filesystem::path beside(std::filesystem::path of, const char* ending) {
        of += ending;
        return of;
    }

    /// What a folder without write permission does, for every user and platform: the file cannot be made.
    void refuse_shared_memory() const {
        std::filesystem::create_directory(beside(copy, "-shm"));
    }
};

} // namespace

TEST_CASE_METHOD(StoreFixture, "What is stored is there after the next start", "[store]") {
    record({connect(1)});
    store.reset();
    CHECK_FALSE(std::filesystem::exists(CopyFixture::beside(file, "-wal"))); // closed in order: one file
    open();
    CHECK(find().size() == 1);
    CHECK(store->counts().pending == 1);
    record({after(connect(1))});
    CHECK(one().outcome == Outcome::success);
}

TEST_CASE_METHOD(StoreFixture, "A store that is open for reading takes no changes", "[store]") {
    record({connect(1)});
    const auto reader = open_at(file, StoreMode::read_only);
    const std::vector<Notification> batch{connect(2)};
    CHECK_THROWS_AS(reader->record(batch), StoreError);
    CHECK_THROWS_AS(reader->close_pending_before(base_time * 2, "", 100), StoreError);
    CHECK_THROWS_AS(reader->forget_before(base_time * 2, 1), StoreError);
    CHECK(reader->counts().operations == 1);
    CHECK(find_in(*reader).size() == 1);
}

TEST_CASE_METHOD(CopyFixture, "A copy in a folder that cannot be written is read", "[store]") {
    record({connect(1), after(connect(1))});
    store.reset();
    std::filesystem::copy_file(file, copy);
    refuse_shared_memory();
    const auto reader = open_at(copy, StoreMode::read_only);
    CHECK(find_in(*reader).size() == 1);
    CHECK(reader->counts().notifications == 2);
}

TEST_CASE_METHOD(CopyFixture, "A copy's write-ahead log counts, in such a folder too", "[store]") {
    record({connect(1)});
    REQUIRE(raw().integer("PRAGMA wal_checkpoint(TRUNCATE)") == 0);
    record({connect(2), after(connect(1))}); // only in the log
    std::filesystem::copy_file(file, copy);
    std::filesystem::copy_file(beside(file, "-wal"), beside(copy, "-wal"));
    SECTION("folder that can be written") {}
    SECTION("folder that cannot be written") {
        refuse_shared_memory();
    }
    const auto size = std::filesystem::file_size(copy);
    {
        const auto reader = open_at(copy, StoreMode::read_only);
        const auto all = find_in(*reader);
        REQUIRE(all.size() == 2);
        CHECK(all[0].outcome == Outcome::success);
        CHECK(reader->counts().operations == 2);
    }
    CHECK(std::filesystem::file_size(copy) == size); // evidence stays as it was
    CHECK(std::filesystem::file_size(beside(copy, "-wal")) > 0);
}

TEST_CASE_METHOD(StoreFixture, "What is no database is named as such", "[store]") {
    const auto text = folder.path() / "notes.db";
    std::ofstream(text) << std::string(5000, 'x');
    for (const StoreMode mode : {StoreMode::read_write, StoreMode::read_only}) {
        CHECK_THROWS_MATCHES(open_at(text, mode), StoreDamaged,
                             MessageMatches(ContainsSubstring("notes.db") && ContainsSubstring("not a database")));
    }
    CHECK(std::filesystem::file_size(text) == 5000);
    CHECK_THROWS_MATCHES(open_at(folder.path() / "none.db", StoreMode::read_only), StoreError,
                         MessageMatches(ContainsSubstring("no such file")));
    CHECK_THROWS_MATCHES(open_at(folder.path() / "no-folder" / "x.db", StoreMode::read_write), StoreError,
                         MessageMatches(ContainsSubstring("check that the folder exists")));
    std::ofstream(folder.path() / "empty.db").flush();
    CHECK_THROWS_MATCHES(open_at(folder.path() / "empty.db", StoreMode::read_only), StoreError,
                         MessageMatches(ContainsSubstring("empty")));
}

TEST_CASE_METHOD(StoreFixture, "Damage is found at the start after an unclean end", "[store]") {
    std::vector<Notification> batch;
    for (std::uint64_t i = 1; i <= 2000; ++i) {
        batch.push_back(connect(i));
    }
    record(batch);
    store.reset();
    const auto size = static_cast<std::streamoff>(std::filesystem::file_size(file));
    for (std::streamoff page = size / 2 / 4096; page < size / 4096 - 10; ++page) {
        overwrite(file, page * 4096, std::string(64, '\xEE'));
    }
    SECTION("in order: not looked for, told when it is met") {
        open();
        CHECK_THROWS_MATCHES(find(), StoreDamaged, MessageMatches(ContainsSubstring("damaged")));
        store.reset();
        CHECK_THROWS_AS(open(), StoreDamaged); // from now on it is looked for
    }
    SECTION("unclean") {
        raw().execute("UPDATE meta SET value = 0 WHERE name = 'clean'");
        CHECK_THROWS_MATCHES(open(), StoreDamaged,
                             MessageMatches(ContainsSubstring("history.db") && ContainsSubstring("move it aside")));
    }
}

TEST_CASE_METHOD(StoreFixture, "A store that is in use is marked as such until it is closed in order", "[store]") {
    CHECK(raw().integer("SELECT value FROM meta WHERE name = 'clean'") == 0);
    store.reset();
    CHECK(raw().integer("SELECT value FROM meta WHERE name = 'clean'") == 1);
}

TEST_CASE_METHOD(StoreFixture, "A doctored row is brought into range", "[store]") {
    record({connect(1)});
    raw().execute("UPDATE operation SET action = 77, outcome = -3, remote_from = 9, source = 5, decision = 0, "
                  "pid = 1 << 40, local_name = CAST(x'41FF42' AS TEXT), process_path = CAST(x'C328' AS TEXT)");
    const Operation o = one();
    CHECK(o.action == Action::connect);
    CHECK(o.outcome == Outcome::unknown);
    CHECK(o.remote_from == RemoteFrom::none);
    CHECK(o.source == Source::spool);
    CHECK(o.decision == Decision::allow);
    CHECK(o.process.pid == 0);
    CHECK(o.local_name == "A\xEF\xBF\xBD"
                          "B");
    CHECK(o.process.path == "\xEF\xBF\xBD(");
}
