#include "service/store/statement.hpp"

#include "service/store/database.hpp"

#include <string>

namespace maptrail {

Statement::Statement(Database& database, std::string_view sql, Life life) : database_(&database) {
    sqlite3_stmt* handle = nullptr;
    const int code = sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                        life == Life::kept ? SQLITE_PREPARE_PERSISTENT : 0U, &handle, nullptr);
    if (code != SQLITE_OK) {
        database.fail(code, std::string(sql));
    }
    handle_.reset(handle);
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) {
        const char* sql = sqlite3_sql(handle_.get());
        database_->fail(code, sql != nullptr ? sql : "");
    }
}

void Statement::bind(int index, std::int64_t value) {
    check(sqlite3_bind_int64(handle_.get(), index, value));
}

void Statement::bind(int index, std::string_view value) {
    // A null pointer would bind NULL.
    const char* data = value.empty() ? "" : value.data();
    check(sqlite3_bind_text64(handle_.get(), index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind_copy(int index, std::string_view value) {
    check(sqlite3_bind_text64(handle_.get(), index, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind(int index, std::span<const std::uint8_t> bytes) {
    check(sqlite3_bind_blob64(handle_.get(), index, bytes.data(), bytes.size(), SQLITE_STATIC));
}

void Statement::bind_null(int index) {
    check(sqlite3_bind_null(handle_.get(), index));
}

void Statement::bind_bits(int index, std::optional<std::uint64_t> value) {
    if (value) {
        bind_bits(index, *value);
    } else {
        bind_null(index);
    }
}

bool Statement::step() {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code != SQLITE_DONE) {
        check(code);
    }
    return false;
}

void Statement::run() {
    const ResetGuard guard(*this);
    while (step()) {
    }
}

// The code that reset gives is the last step's, which has been thrown already.
void Statement::reset() {
    (void)sqlite3_reset(handle_.get());
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

std::string_view Statement::text(int column) const {
    const unsigned char* data = sqlite3_column_text(handle_.get(), column);
    if (data == nullptr) {
        return {};
    }
    return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

std::span<const std::uint8_t> Statement::bytes(int column) const {
    const void* data = sqlite3_column_blob(handle_.get(), column);
    if (data == nullptr) {
        return {};
    }
    return {static_cast<const std::uint8_t*>(data),
            static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

} // namespace maptrail
