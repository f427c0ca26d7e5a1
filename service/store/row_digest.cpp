#include "service/store/row_digest.hpp"

#include "service/store/database.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <span>

namespace maptrail {
namespace {

void append_number(std::string& to, std::uint64_t value) {
    std::array<char, sizeof value> bytes{};
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(bytes.data(), &value, bytes.size());
    } else {
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            bytes[i] = static_cast<char>(static_cast<std::uint8_t>(value >> (8 * i)));
        }
    }
    to.append(bytes.data(), bytes.size());
}

template <typename Row>
void append_row(const Row& row, std::string& to) {
    for (int column = 0; column < sealed_column_count; ++column) {
        const int type = row.type(column);
        to += static_cast<char>(type);
        switch (type) {
        case SQLITE_INTEGER:
            append_number(to, row.bits(column));
            break;
        case SQLITE_FLOAT: // of a doctored table
            append_number(to, std::bit_cast<std::uint64_t>(row.real(column)));
            break;
        case SQLITE_TEXT:
        case SQLITE_BLOB: {
            const auto bytes = row.bytes(column);
            append_number(to, bytes.size());
            to.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
            break;
        }
        default:
            break; // NULL
        }
    }
}

/// As a preupdate hook sees it.
class OldRow {
public:
    explicit OldRow(const Database& database) : database_(database) {}

    [[nodiscard]] int type(int column) const { return sqlite3_value_type(value(column)); }
    [[nodiscard]] std::uint64_t bits(int column) const {
        return static_cast<std::uint64_t>(sqlite3_value_int64(value(column)));
    }
    [[nodiscard]] double real(int column) const { return sqlite3_value_double(value(column)); }
    [[nodiscard]] std::span<const std::uint8_t> bytes(int column) const {
        sqlite3_value* const of = value(column);
        const void* const data = sqlite3_value_blob(of);
        return {static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(sqlite3_value_bytes(of))};
    }

private:
    [[nodiscard]] sqlite3_value* value(int column) const {
        sqlite3_value* found = nullptr;
        if (const int code = sqlite3_preupdate_old(database_.handle(), column, &found); code != SQLITE_OK) {
            database_.fail(code, "read the row that is about to change");
        }
        return found;
    }

    const Database& database_;
};

} // namespace

void append_sealed_row(const Statement& row, std::string& to) {
    append_row(row, to);
}

void append_sealed_old_row(const Database& database, std::string& to) {
    append_row(OldRow(database), to);
}

} // namespace maptrail
