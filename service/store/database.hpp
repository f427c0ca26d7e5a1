// An owned SQLite connection. One thread at a time.
#pragma once

#include "service/store/store.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace maptrail {

/// SQLite's own error, with the extended result code.
class SqliteError : public StoreError {
public:
    SqliteError(int code, const std::string& text) : StoreError(text), code_(code) {}

    [[nodiscard]] int code() const { return code_; }
    /// SQLITE_BUSY, SQLITE_FULL, ... without the extension.
    [[nodiscard]] int primary_code() const { return code_ & 0xFF; }

private:
    int code_;
};

class Database {
public:
    /// `name` is a path or a file: URI in UTF-8. Throws SqliteError.
    Database(const std::string& name, int flags, const char* vfs = nullptr);

    [[nodiscard]] sqlite3* handle() const { return handle_.get(); }

    /// Runs one or more statements that give no rows worth reading.
    void execute(const char* sql);

    /// First column of the first row; 0 if there is none.
    [[nodiscard]] std::int64_t integer(const char* sql);
    [[nodiscard]] std::string text(const char* sql);

    /// Rows that the last statement changed.
    [[nodiscard]] std::uint64_t changes() const;

    [[nodiscard]] std::int64_t last_row_id() const { return sqlite3_last_insert_rowid(handle_.get()); }

    [[noreturn]] void fail(int code, const std::string& doing) const;

private:
    struct Close {
        void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
    };
    std::unique_ptr<sqlite3, Close> handle_;
};

/// The path as SQLite takes it on every platform.
[[nodiscard]] std::string utf8_path(const std::filesystem::path& file);

} // namespace maptrail
