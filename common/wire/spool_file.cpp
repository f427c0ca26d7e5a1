#include "common/wire/spool_file.hpp"

#include <cstring>

namespace maptrail::wire {

namespace {

/// The header is read again and again by whoever writes and claims: what they change is not in the CRC.
std::uint32_t header_crc(std::span<const std::byte> header) {
    constexpr std::size_t crc_at = offsetof(SpoolHeader, crc);
    constexpr std::array<std::byte, sizeof(SpoolHeader::crc) + sizeof(SpoolHeader::claimed)> zero{};
    static_assert(offsetof(SpoolHeader, claimed) == crc_at + sizeof(SpoolHeader::crc));
    std::uint32_t crc = crc32(0, header.first(crc_at));
    crc = crc32(crc, zero);
    return crc32(crc, header.subspan(crc_at + zero.size()));
}

} // namespace

std::size_t encode(const SpoolOrigin& origin, std::span<std::byte> out) {
    const std::size_t units = origin.path.size() < max_spool_path_units ? origin.path.size() : max_spool_path_units;
    const std::size_t size = spool_aligned(sizeof(SpoolHeader) + units * sizeof(char16_t));
    if (out.size() < size) {
        return 0;
    }
    SpoolHeader header{};
    header.magic = spool_magic;
    header.version = spool_version;
    header.min_reader = spool_oldest_reader;
    header.header_size = static_cast<std::uint32_t>(size);
    header.attributes = origin.attributes | (units < origin.path.size() ? spool_attribute::path_cut : 0U);
    header.producer = origin.producer;
    header.created = origin.created;
    header.process_started = origin.process_started;
    header.logon_id = origin.logon_id;
    header.process_id = origin.process_id;
    header.session_id = origin.session_id;
    header.integrity = origin.integrity;
    header.path_offset = sizeof header;
    header.path_units = static_cast<std::uint16_t>(units);
    std::memset(out.data(), 0, size);
    std::memcpy(out.data(), &header, sizeof header);
    if (units != 0) {
        std::memcpy(out.data() + sizeof header, origin.path.data(), units * sizeof(char16_t));
    }
    const std::uint32_t crc = header_crc(out.first(size));
    std::memcpy(out.data() + offsetof(SpoolHeader, crc), &crc, sizeof crc);
    return size;
}

DecodeError decode(std::span<const std::byte> file, SpoolOrigin& origin, std::size_t& header_size) {
    origin = {};
    header_size = 0;
    SpoolHeader header{};
    if (file.size() < sizeof header) {
        return DecodeError::too_short;
    }
    std::memcpy(&header, file.data(), sizeof header);
    if (header.magic != spool_magic) {
        return DecodeError::bad_magic;
    }
    if (header.min_reader > spool_version) {
        return DecodeError::bad_version;
    }
    if (header.header_size < sizeof header || header.header_size > max_spool_header_size ||
        header.header_size > file.size() || header.header_size % spool_alignment != 0) {
        return DecodeError::bad_size;
    }
    if (reinterpret_cast<std::uintptr_t>(file.data()) % alignof(char16_t) != 0) {
        return DecodeError::misaligned;
    }
    if (header.crc != header_crc(file.first(header.header_size))) {
        return DecodeError::bad_crc;
    }
    const std::size_t path_bytes = std::size_t{header.path_units} * sizeof(char16_t);
    if (header.path_units > max_spool_path_units || header.path_offset % sizeof(char16_t) != 0 ||
        header.path_offset < sizeof header || header.path_offset > header.header_size ||
        path_bytes > header.header_size - header.path_offset) {
        return DecodeError::bad_string;
    }
    origin.producer = header.producer;
    origin.created = header.created;
    origin.process_started = header.process_started;
    origin.logon_id = header.logon_id;
    origin.process_id = header.process_id;
    origin.session_id = header.session_id;
    origin.integrity = header.integrity;
    origin.attributes = header.attributes;
    origin.path = {reinterpret_cast<const char16_t*>(file.data() + header.path_offset), header.path_units};
    header_size = header.header_size;
    return DecodeError::none;
}

} // namespace maptrail::wire
