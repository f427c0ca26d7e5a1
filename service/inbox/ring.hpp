// Records in the ring: writing one, and telling a good one from everything else.
#pragma once

#include "service/inbox/layout.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace maptrail::inbox {

/// A view of the mapped data. Knows no head and no tail, and takes no lock.
class Ring {
public:
    Ring(std::span<std::byte> data, const FileStamp& stamp) : data_(data), mark_(stamp.mark), seed_(stamp.seed) {}

    [[nodiscard]] std::uint64_t size() const { return data_.size(); }

    /// The start of a record's CRC; needs no position, so it can be had before the place is known.
    [[nodiscard]] std::uint32_t payload_crc(std::span<const std::byte> first, std::span<const std::byte> second) const;

    /// Writes a record of `first` and `second` at `position`.
    void write_data(std::uint64_t position, std::uint64_t head, std::span<const std::byte> first,
                    std::span<const std::byte> second, std::uint32_t payload_crc);

    /// Covers [begin, end), which is at least a header long, with a filler.
    void write_filler(std::uint64_t begin, std::uint64_t end, std::uint64_t head);

    /// The record at `position` if every byte of it is right and it ends at `limit` at the latest.
    [[nodiscard]] std::optional<RecordHeader> record_at(std::uint64_t position, std::uint64_t limit) const;

    /// The first good record after `position`; `limit` if there is none before it.
    [[nodiscard]] std::uint64_t next_record(std::uint64_t position, std::uint64_t limit) const;

    /// The good record, of whatever turn, that starts at this offset of the data.
    [[nodiscard]] std::optional<RecordHeader> record_at_offset(std::uint64_t offset) const;

    void copy_out(std::uint64_t position, std::span<std::byte> out) const;

private:
    void copy_in(std::uint64_t position, std::span<const std::byte> bytes);
    [[nodiscard]] std::uint32_t crc_of(std::uint32_t crc, std::uint64_t position, std::uint64_t size) const;

    std::span<std::byte> data_;
    std::uint32_t mark_;
    std::uint32_t seed_;
};

} // namespace maptrail::inbox
