#include "service/store/database.hpp"

#include "service/store/statement.hpp"

namespace maptrail {

Database::Database(const std::string& name, int flags, const char* vfs) {
    sqlite3* handle = nullptr;
    // No lock around each column that is read: a connection belongs to one thread at a time.
    const int code = sqlite3_open_v2(name.c_str(), &handle, flags | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX, vfs);
    handle_.reset(handle); // also a failed open leaves a handle to close
    if (code != SQLITE_OK) {
        fail(code, "open");
    }
}

void Database::execute(const char* sql) {
    const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        fail(code, sql);
    }
}

std::int64_t Database::integer(const char* sql) {
    Statement statement(*this, sql, Statement::Life::once);
    return statement.step() ? statement.integer(0) : 0;
}

std::string Database::text(const char* sql) {
    Statement statement(*this, sql, Statement::Life::once);
    return statement.step() ? std::string(statement.text(0)) : std::string();
}

std::uint64_t Database::changes() const {
    return static_cast<std::uint64_t>(sqlite3_changes64(handle_.get()));
}

void Database::fail(int code, const std::string& doing) const {
    std::string what = handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code);
    what += " (SQLite " + std::to_string(code);
    const int system = handle_ ? sqlite3_system_errno(handle_.get()) : 0;
    // The operating system's code says why, where SQLite only knows that the file would not do.
    if (system != 0 && ((code & 0xFF) == SQLITE_CANTOPEN || (code & 0xFF) == SQLITE_IOERR)) {
        what += ", system error " + std::to_string(system);
    }
    throw SqliteError(code, what + ") in: " + doing);
}

std::string utf8_path(const std::filesystem::path& file) {
    const std::u8string text = file.u8string();
    return {reinterpret_cast<const char*>(text.data()), text.size()};
}

} // namespace maptrail
