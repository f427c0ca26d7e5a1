// A spool file: what a notifyee leaves behind when the service gave no receipt.
//
//   header | path of the program | frames, each as it would have gone over the pipe, each at a multiple of 8
//
// One process and one token write a file; the writer holds it open and appends. The service collects it: it sets
// `claimed`, then reads all that is there, stores it and deletes the file. A writer looks at `claimed` after each
// append. If it is set, the service may have read too early to see that append, so the writer puts the frame into a new
// file as well; frames carry their number, and one that came twice is stored once. So neither waits for the other and
// nothing is lost.
//
// Whose file it is tells its owner. All else that the header says of the writer is the writer's word.
// Version 1 is frozen: a later version appends fields (header_size grows).
#pragma once

#include "common/wire/codec.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace maptrail::wire {

inline constexpr std::uint32_t spool_magic = 0x5053544D; // "MTSP" in memory
inline constexpr std::uint16_t spool_version = 1;
inline constexpr std::uint16_t spool_oldest_reader = 1;

inline constexpr std::size_t max_spool_path_units = 1024; ///< a longer path is cut
inline constexpr std::size_t max_spool_header_size = 4096;

/// Frames start at multiples of this; the bytes between are zero.
inline constexpr std::size_t spool_alignment = 8;

constexpr std::size_t spool_aligned(std::size_t size) {
    return (size + spool_alignment - 1) / spool_alignment * spool_alignment;
}

namespace spool_attribute {
inline constexpr std::uint32_t elevated = 1U << 0;
inline constexpr std::uint32_t bits_64 = 1U << 1; ///< the program is a 64-bit one
inline constexpr std::uint32_t path_cut = 1U << 2;
} // namespace spool_attribute

struct SpoolHeader {
    std::uint32_t magic;
    std::uint16_t version;
    std::uint16_t min_reader;
    std::uint32_t header_size; ///< bytes before the first frame, path included; a multiple of 8
    std::uint32_t crc;         ///< CRC-32 of these bytes, with this field and `claimed` as zero
    std::uint32_t claimed;     ///< the service's: not 0 from the moment on when it begins to read
    std::uint32_t attributes;  ///< of spool_attribute
    std::array<std::uint8_t, 16> producer;
    std::uint64_t created;         ///< FILETIME
    std::uint64_t process_started; ///< FILETIME; 0 if unknown
    std::uint64_t logon_id;        ///< the token's authentication id (LUID)
    std::uint32_t process_id;
    std::uint32_t session_id;
    std::uint32_t integrity;   ///< RID of the mandatory label
    std::uint16_t path_offset; ///< bytes from the file's start
    std::uint16_t path_units;  ///< UTF-16
};

static_assert(sizeof(SpoolHeader) == 80 && std::is_trivially_copyable_v<SpoolHeader>);
static_assert(offsetof(SpoolHeader, claimed) == 16 && offsetof(SpoolHeader, producer) == 24);
static_assert(sizeof(SpoolHeader) + 2 * max_spool_path_units <= max_spool_header_size);

/// A header apart from its bytes. The path belongs to whoever made it.
struct SpoolOrigin {
    std::array<std::uint8_t, 16> producer{};
    std::uint64_t created = 0;
    std::uint64_t process_started = 0;
    std::uint64_t logon_id = 0;
    std::uint32_t process_id = 0;
    std::uint32_t session_id = 0;
    std::uint32_t integrity = 0;
    std::uint32_t attributes = 0;
    std::u16string_view path;
};

/// Writes the header with its path; max_spool_header_size always suffices. Returns header_size; 0 if `out` is too
/// small.
[[nodiscard]] std::size_t encode(const SpoolOrigin& origin, std::span<std::byte> out);

/// Reads the header at the start of a file. Total. On success `header_size` is where the first frame may start, and the
/// path points into `file`, which starts at an even address.
[[nodiscard]] DecodeError decode(std::span<const std::byte> file, SpoolOrigin& origin, std::size_t& header_size);

} // namespace maptrail::wire
