// What lies in the inbox's file.
//
//   header page | data: a ring of records | last page: a copy of the stamp
//
// Positions grow for ever; a position lies at (position % data_size) in the data, and a record that reaches the end
// goes on at the beginning. A record is a RecordHeader and its payload, and starts at a multiple of 8.
//
// A killed process is not a machine that lost power: what it stored before it died is all there, in the order in which
// it stored it. So a record is written first and the tail after it. After power was lost any page may be the old one:
// then the checksums tell what is good.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace maptrail::inbox {

inline constexpr std::uint64_t page_size = 4096;
inline constexpr std::uint64_t min_file_size = 3 * page_size;
inline constexpr std::uint64_t max_file_size = 1ULL << 30;
inline constexpr std::uint64_t max_payload_size = std::uint64_t{64} * 1024;
/// Keeps sums of positions from overflowing; at a gigabyte a second it takes centuries to get there.
inline constexpr std::uint64_t max_position = 1ULL << 62;
inline constexpr std::uint64_t stamp_magic = 0x31584F424E49544D; // "MTINBOX1" in memory
inline constexpr std::uint32_t stamp_version = 1;

/// Says which file this is. `mark` and `seed` are random: whoever sends frames cannot know them, so no payload can be
/// made to look like a record to a reader that searches for the next good one.
struct FileStamp {
    std::uint64_t magic;
    std::uint32_t version;
    std::uint32_t mark; ///< starts every record of this file
    std::uint32_t seed; ///< every record's CRC starts with it
    std::uint32_t reserved;
    std::uint64_t data_size;
    std::uint32_t crc; ///< CRC-32 of the fields before it
    std::uint32_t reserved2;
};

/// A position and what proves that all of it was stored.
struct Cell {
    std::uint64_t value;
    std::uint64_t check;
};

struct HeaderPage {
    FileStamp stamp;
    std::byte reserved1[512 - sizeof(FileStamp)];
    Cell head;
    std::byte reserved2[512 - sizeof(Cell)];
    Cell tail;
    std::byte reserved3[page_size - 1024 - sizeof(Cell)];
};

enum class RecordKind : std::uint32_t {
    data = 1,
    filler = 2, ///< covers bytes that were damaged; its CRC is that of the header alone
};

struct RecordHeader {
    std::uint32_t mark;
    std::uint32_t crc;      ///< CRC-32 of the payload, then of this header with this field as zero
    std::uint64_t position; ///< its own: tells it from what lay here one turn of the ring before
    std::uint32_t size;     ///< of the payload, in bytes
    std::uint32_t lag;      ///< how far behind the head was when this was written, in units of 8 bytes
    std::uint32_t kind;
    std::uint32_t reserved;
};

static_assert(sizeof(FileStamp) == 40 && std::is_trivially_copyable_v<FileStamp>);
static_assert(sizeof(HeaderPage) == page_size && std::is_trivially_copyable_v<HeaderPage>);
static_assert(offsetof(HeaderPage, head) == 512 && offsetof(HeaderPage, tail) == 1024);
static_assert(sizeof(RecordHeader) == 32 && std::is_trivially_copyable_v<RecordHeader>);

/// Bytes that a record with such a payload takes in the ring.
constexpr std::uint64_t record_size(std::uint64_t payload) {
    return sizeof(RecordHeader) + ((payload + 7) & ~std::uint64_t{7});
}

} // namespace maptrail::inbox
