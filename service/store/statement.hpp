// An owned prepared statement.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace maptrail {

class Database;

class Statement {
public:
    enum class Life { once, kept }; ///< kept: run many times

    Statement(Database& database, std::string_view sql, Life life = Life::kept);

    /// Parameters count from 1. Text and bytes must live until the statement is reset.
    void bind(int index, std::int64_t value);
    void bind(int index, std::string_view value);
    void bind(int index, std::span<const std::uint8_t> bytes);
    /// The other texts must live until the statement has run.
    void bind_copy(int index, std::string_view value);
    void bind_null(int index);

    /// For 64-bit numbers that have no sign; the database holds the same bits.
    void bind_bits(int index, std::uint64_t value) { bind(index, static_cast<std::int64_t>(value)); }
    void bind_bits(int index, std::optional<std::uint64_t> value);

    /// True while there is a row.
    bool step();

    /// Runs to the end and resets.
    void run();

    void reset();

    /// Columns count from 0. A view lives until the next step.
    [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
    [[nodiscard]] std::uint64_t bits(int column) const { return static_cast<std::uint64_t>(integer(column)); }
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] double real(int column) const { return sqlite3_column_double(handle_.get(), column); }
    /// SQLITE_INTEGER, SQLITE_TEXT...
    [[nodiscard]] int type(int column) const { return sqlite3_column_type(handle_.get(), column); }
    /// Of a blob or a text, as they are.
    [[nodiscard]] std::span<const std::uint8_t> bytes(int column) const;

    /// An integer that is known to fit; what does not (a damaged row) becomes 0.
    template <typename T>
    [[nodiscard]] T number(int column) const {
        const std::int64_t value = integer(column);
        const auto narrow = static_cast<T>(value);
        return static_cast<std::int64_t>(narrow) == value ? narrow : T{};
    }

private:
    void check(int code) const;

    struct Finalize {
        void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
    };
    Database* database_;
    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

/// Resets on the way out, so that no statement holds a snapshot or a view past its use.
class ResetGuard {
public:
    explicit ResetGuard(Statement& statement) : statement_(statement) {}
    ResetGuard(const ResetGuard&) = delete;
    ResetGuard& operator=(const ResetGuard&) = delete;
    ~ResetGuard() { statement_.reset(); }

private:
    Statement& statement_;
};

} // namespace maptrail
