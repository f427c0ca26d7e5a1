#include "service/store/backup.hpp"

#include "service/store/counters.hpp"
#include "service/store/open.hpp"
#include "service/store/schema.hpp"

#include <memory>
#include <system_error>

namespace maptrail {
namespace {

constexpr int pages_in_one_step = 1'000;

struct FinishBackup {
    void operator()(sqlite3_backup* backup) const { (void)sqlite3_backup_finish(backup); }
};

/// Whose page it could not read or write SQLite tells by the error alone.
[[noreturn]] void throw_copy_failed(const std::filesystem::path& source, const std::filesystem::path& target,
                                    const SqliteError& error) {
    const int code = error.primary_code();
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB || error.code() == SQLITE_IOERR_READ ||
        error.code() == SQLITE_IOERR_SHORT_READ) {
        throw_described(source, error);
    }
    try {
        throw_described(target, error);
    } catch (const StoreRefused& refused) {
        throw StoreError(refused.what()); // more rights to the history would not help
    }
}

void copy_pages(Database& from, Database& to, const std::function<bool(std::uint64_t, std::uint64_t)>& progress) {
    const auto page = static_cast<std::uint64_t>(from.integer("PRAGMA page_size"));
    const std::unique_ptr<sqlite3_backup, FinishBackup> backup(
        sqlite3_backup_init(to.handle(), "main", from.handle(), "main"));
    if (!backup) {
        to.fail(sqlite3_errcode(to.handle()), "begin the copy");
    }
    int code = SQLITE_OK;
    while ((code = sqlite3_backup_step(backup.get(), pages_in_one_step)) == SQLITE_OK) {
        const auto total = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup.get()));
        const auto left = static_cast<std::uint64_t>(sqlite3_backup_remaining(backup.get()));
        if (!progress((total - left) * page, total * page)) {
            throw StoreError("the copy was given up");
        }
    }
    if (code != SQLITE_DONE) {
        to.fail(code, "copy");
    }
}

void remove_copy(const std::filesystem::path& target) {
    for (const char* const suffix : {"", "-journal", "-wal", "-shm"}) {
        std::filesystem::path file = target;
        file += suffix;
        std::error_code ignored;
        std::filesystem::remove(file, ignored);
    }
}

void begin(const std::filesystem::path& source, Database& from, Backup& result) {
    try {
        // What is copied is of one moment: a step would begin anew whenever something was recorded.
        from.execute("BEGIN");
        const StoreCounts counts = read_counts(from);
        result.operations = counts.operations + counts.losses;
        result.head = read_head(from);
    } catch (const SqliteError& error) {
        throw_described(source, error);
    }
}

} // namespace

Backup back_up_history(const std::filesystem::path& source, const std::filesystem::path& target,
                       const std::function<bool(std::uint64_t, std::uint64_t)>& progress) {
    const auto from = open_for_reading(source, migrations());
    if (std::error_code error; std::filesystem::exists(target, error) || error) {
        throw StoreError(utf8_path(target) + (error ? " cannot be made: " + error.message() : " is there already"));
    }
    Backup result;
    begin(source, *from, result);
    try {
        Database to(utf8_path(target), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        copy_pages(*from, to, progress);
        // One file then, which can be read where nobody may write.
        to.execute("PRAGMA journal_mode = DELETE");
        result.bytes = static_cast<std::uint64_t>(to.integer("PRAGMA page_count")) *
                       static_cast<std::uint64_t>(to.integer("PRAGMA page_size"));
        return result;
    } catch (const SqliteError& error) {
        remove_copy(target); // which is closed by now
        throw_copy_failed(source, target, error);
    } catch (...) {
        remove_copy(target);
        throw;
    }
}

} // namespace maptrail
