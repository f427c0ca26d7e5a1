#include "service/store/row_digest.hpp"

#include <array>
#include <bit>
#include <cstring>

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

} // namespace

void append_sealed_row(const Statement& row, std::string& to) {
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

} // namespace maptrail
