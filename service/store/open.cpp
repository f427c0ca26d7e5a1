#include "service/store/open.hpp"

#include "service/store/sqlite_store.hpp"
#include "service/store/statement.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace maptrail {
namespace {

/// Older ones can lose committed data when a write-ahead log is started anew while another connection checkpoints.
constexpr int oldest_sqlite = 3051003;

constexpr int busy_timeout_ms = 5000;

/// A look over ten gigabytes would keep the service from starting for minutes; what is found later is told then.
constexpr std::chrono::seconds longest_check{5};

void require_sqlite() {
    if (sqlite3_libversion_number() < oldest_sqlite) {
        throw StoreError(std::string("SQLite ") + sqlite3_libversion() +
                         " is too old for MapTrail, which needs 3.51.3; build with a newer one");
    }
}

void harden(Database& database) {
    sqlite3* handle = database.handle();
    sqlite3_busy_timeout(handle, busy_timeout_ms);
    if (sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr) != SQLITE_OK ||
        sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr) != SQLITE_OK ||
        sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr) != SQLITE_OK || // there are none of ours
        sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr) != SQLITE_OK) {
        throw StoreError("SQLite refused its defensive settings");
    }
    // A foreign key that somebody adds to a table deletes rows as a trigger does.
    database.execute("PRAGMA cell_size_check = ON; PRAGMA foreign_keys = OFF");
}

/// Closing would write the log into the database and delete it. One that turns out to be damaged, or another program's,
/// shall be found as it was.
void write_log_back_on_close(Database& database, bool write_back) {
    (void)sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, write_back ? 0 : 1, nullptr);
}

int past_deadline(void* deadline) {
    return std::chrono::steady_clock::now() > *static_cast<std::chrono::steady_clock::time_point*>(deadline) ? 1 : 0;
}

void look_over(Database& database) {
    auto deadline = std::chrono::steady_clock::now() + longest_check;
    sqlite3_progress_handler(database.handle(), 1000, past_deadline, &deadline);
    std::string answer = "ok";
    try {
        answer = database.text("PRAGMA quick_check(1)");
    } catch (const SqliteError& error) {
        if (error.primary_code() != SQLITE_INTERRUPT) {
            sqlite3_progress_handler(database.handle(), 0, nullptr, nullptr);
            throw;
        }
    }
    sqlite3_progress_handler(database.handle(), 0, nullptr, nullptr);
    if (answer != "ok") {
        throw SqliteError(SQLITE_CORRUPT, answer);
    }
}

bool was_clean(Database& database) {
    return database.integer("SELECT value FROM meta WHERE name = 'clean'") != 0;
}

void use_write_ahead_log(Database& database) {
    const std::string mode = database.text("PRAGMA journal_mode = WAL");
    if (mode != "wal") {
        throw StoreError("its volume does not support a write-ahead log (journal mode " + mode +
                         "); keep the database on a local disk");
    }
    // FULL: what is committed is on the disk, so that a power cut takes nothing which the inbox gave up for it, and no
    // head that was told. A long reader makes the log grow; the limit gives the space back afterwards.
    // The indexes are written at many places: with SQLite's own 2 MiB of cache the writer of a large history reads
    // their pages over and over.
    database.execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; "
                     "PRAGMA journal_size_limit = 16777216; PRAGMA cache_size = -32768");
}

void require_current(Database& database, std::span<const Migration> steps) {
    const std::int64_t version = check_schema(database, steps);
    if (version == 0) {
        throw StoreError("it is empty, not a history of MapTrail; name another file");
    }
    if (version < version_of(steps)) {
        throw StoreError("it has the older schema " + std::to_string(version) +
                         ", which only the service can bring up to date; start the service on it once");
    }
}

std::string immutable_uri(const std::filesystem::path& file) {
    const std::string path = [&] {
        const std::u8string text = std::filesystem::absolute(file).generic_u8string();
        return std::string(reinterpret_cast<const char*>(text.data()), text.size());
    }();
    std::string uri = path.starts_with('/') ? "file://" : "file:///";
    for (const char c : path) {
        switch (c) {
        case '%':
            uri += "%25";
            break;
        case '?':
            uri += "%3f";
            break;
        case '#':
            uri += "%23";
            break;
        default:
            uri += c;
        }
    }
    return uri + "?immutable=1";
}

/// A copy in a folder that nobody may write: SQLite cannot make the shared memory file that a write-ahead log needs.
/// Nobody else can be writing there either, so the log is read without locks, its index kept in memory; without a log
/// the file is taken as it is.
std::unique_ptr<Database> open_still_copy(const std::filesystem::path& file) {
    std::filesystem::path log = file;
    log += "-wal";
    std::error_code missing;
    const std::uintmax_t log_size = std::filesystem::file_size(log, missing);
    if (missing || log_size == 0) {
        return std::make_unique<Database>(immutable_uri(file), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    }
#ifdef _WIN32
    constexpr const char* without_locks = "win32-none";
#else
    constexpr const char* without_locks = "unix-none";
#endif
    auto database = std::make_unique<Database>(utf8_path(file), SQLITE_OPEN_READONLY, without_locks);
    database->execute("PRAGMA locking_mode = EXCLUSIVE");
    return database;
}

bool folder_refuses(const SqliteError& error) {
    return error.primary_code() == SQLITE_CANTOPEN || error.primary_code() == SQLITE_READONLY;
}

/// Runs `open`, with the file's name before whatever goes wrong.
template <typename Open>
std::unique_ptr<Database> named(const std::filesystem::path& file, const Open& open) {
    try {
        require_sqlite();
        return open();
    } catch (const SqliteError& error) {
        throw_described(file, error);
    } catch (const StoreRefused& error) {
        throw StoreRefused(utf8_path(file) + ": " + error.what());
    } catch (const StoreError& error) {
        throw StoreError(utf8_path(file) + ": " + error.what());
    }
}

/// For reading; `check` throws if it is not what it should be.
std::unique_ptr<Database> open_checked(const std::filesystem::path& file, const std::function<void(Database&)>& check) {
    return named(file, [&] {
        std::error_code error;
        if (!std::filesystem::is_regular_file(file, error)) {
            throw StoreRefused("no such file");
        }
        try {
            auto database = std::make_unique<Database>(utf8_path(file), SQLITE_OPEN_READONLY);
            harden(*database);
            check(*database);
            return database;
        } catch (const SqliteError& refused) {
            if (!folder_refuses(refused)) {
                throw;
            }
        }
        auto database = open_still_copy(file);
        harden(*database);
        check(*database);
        return database;
    });
}

} // namespace

std::unique_ptr<Database> open_for_writing(const std::filesystem::path& file, std::span<const Migration> steps) {
    return named(file, [&] {
        auto database = std::make_unique<Database>(utf8_path(file), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        write_log_back_on_close(*database, false);
        harden(*database);
        // Nothing is written, not even the journal mode, before it is known whose database it is.
        if (check_schema(*database, steps) == 0) {
            // Only before there is a table: so that what retention frees can be given back a little at a time.
            database->execute("PRAGMA auto_vacuum = INCREMENTAL");
        } else if (!was_clean(*database)) {
            look_over(*database);
        }
        use_write_ahead_log(*database);
        migrate(*database, steps);
        write_log_back_on_close(*database, true);
        return database;
    });
}

std::unique_ptr<Database> open_for_reading(const std::filesystem::path& file, std::span<const Migration> steps) {
    return open_checked(file, [steps](Database& database) { require_current(database, steps); });
}

std::unique_ptr<Database> open_of_any_version(const std::filesystem::path& file, std::span<const Migration> steps) {
    return open_checked(file, [steps](Database& database) { (void)check_schema(database, steps); });
}

void mark_clean(Database& database, bool clean) {
    database.execute(clean ? "INSERT OR REPLACE INTO meta (name, value) VALUES ('clean', 1)"
                           : "INSERT OR REPLACE INTO meta (name, value) VALUES ('clean', 0)");
}

void throw_described(const std::filesystem::path& file, const SqliteError& error) {
    const std::string name = utf8_path(file);
    const std::string detail = std::string(". ") + error.what();
    switch (error.primary_code()) {
    case SQLITE_NOTADB:
        throw StoreDamaged(name +
                           ": not a database, or its header is destroyed; name another file, or move this one "
                           "aside" +
                           detail);
    case SQLITE_CORRUPT:
        throw StoreDamaged(name +
                           ": the database is damaged; move it aside together with the files of the same name "
                           "ending in -wal and -shm, and a new one will be made" +
                           detail);
    case SQLITE_FULL:
        throw StoreError(name + ": the disk is full; make room" + detail);
    case SQLITE_CANTOPEN:
        throw StoreRefused(name + ": cannot be opened; check that the folder exists and who may use it" + detail);
    case SQLITE_READONLY:
    case SQLITE_PERM:
        throw StoreRefused(name + ": may not be written; check who may write the file and its folder" + detail);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        throw StoreError(name + ": another program holds the database; close it and try again" + detail);
    default:
        throw StoreError(name + ": the database failed" + detail);
    }
}

std::unique_ptr<Store> open_store(const std::filesystem::path& file, StoreMode mode, Clock clock, std::string host) {
    auto database =
        mode == StoreMode::read_write ? open_for_writing(file, migrations()) : open_for_reading(file, migrations());
    try {
        return std::make_unique<SqliteStore>(std::move(database), file, mode, std::move(clock), std::move(host));
    } catch (const SqliteError& error) {
        throw_described(file, error);
    }
}

} // namespace maptrail
