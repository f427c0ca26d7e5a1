#include "service/inbox/ring.hpp"

#include "common/wire/codec.hpp"

#include <algorithm>

namespace maptrail::inbox {
namespace {

std::uint32_t with_header(std::uint32_t crc, RecordHeader header) {
    header.crc = 0;
    return wire::crc32(crc, std::as_bytes(std::span(&header, 1)));
}

std::uint32_t lag_of(std::uint64_t position, std::uint64_t head) {
    return static_cast<std::uint32_t>((position - head) / 8);
}

} // namespace

std::uint32_t Ring::payload_crc(std::span<const std::byte> first, std::span<const std::byte> second) const {
    return wire::crc32(wire::crc32(seed_, first), second);
}

void Ring::write_data(std::uint64_t position, std::uint64_t head, std::span<const std::byte> first,
                      std::span<const std::byte> second, std::uint32_t payload_crc) {
    RecordHeader header{};
    header.mark = mark_;
    header.position = position;
    header.size = static_cast<std::uint32_t>(first.size() + second.size());
    header.lag = lag_of(position, head);
    header.kind = static_cast<std::uint32_t>(RecordKind::data);
    header.crc = with_header(payload_crc, header);
    copy_in(position + sizeof(header), first);
    copy_in(position + sizeof(header) + first.size(), second);
    copy_in(position, std::as_bytes(std::span(&header, 1)));
}

void Ring::write_filler(std::uint64_t begin, std::uint64_t end, std::uint64_t head) {
    RecordHeader header{};
    header.mark = mark_;
    header.position = begin;
    header.size = static_cast<std::uint32_t>(end - begin - sizeof(header));
    header.lag = lag_of(begin, head);
    header.kind = static_cast<std::uint32_t>(RecordKind::filler);
    header.crc = with_header(seed_, header);
    copy_in(begin, std::as_bytes(std::span(&header, 1)));
}

std::optional<RecordHeader> Ring::record_at(std::uint64_t position, std::uint64_t limit) const {
    if (position % 8 != 0 || position >= limit || limit - position < sizeof(RecordHeader)) {
        return std::nullopt;
    }
    RecordHeader header{};
    copy_out(position, std::as_writable_bytes(std::span(&header, 1)));
    if (header.mark != mark_ || header.position != position || header.reserved != 0 ||
        record_size(header.size) > std::min(limit - position, size())) {
        return std::nullopt;
    }
    std::uint32_t crc = seed_;
    if (header.kind == static_cast<std::uint32_t>(RecordKind::data) && header.size <= max_payload_size) {
        crc = crc_of(crc, position + sizeof(header), header.size);
    } else if (header.kind != static_cast<std::uint32_t>(RecordKind::filler)) {
        return std::nullopt;
    }
    if (header.crc != with_header(crc, header)) {
        return std::nullopt;
    }
    return header;
}

std::uint64_t Ring::next_record(std::uint64_t position, std::uint64_t limit) const {
    for (position += 8; position < limit; position += 8) {
        if (record_at(position, limit)) {
            return position;
        }
    }
    return limit;
}

std::optional<RecordHeader> Ring::record_at_offset(std::uint64_t offset) const {
    RecordHeader header{};
    copy_out(offset, std::as_writable_bytes(std::span(&header, 1)));
    if (header.mark != mark_ || header.position > max_position || header.position % size() != offset) {
        return std::nullopt;
    }
    return record_at(header.position, header.position + size());
}

void Ring::copy_in(std::uint64_t position, std::span<const std::byte> bytes) {
    const std::size_t offset = static_cast<std::size_t>(position % size());
    const std::size_t before_end = std::min(bytes.size(), data_.size() - offset);
    std::ranges::copy(bytes.first(before_end), data_.begin() + static_cast<std::ptrdiff_t>(offset));
    std::ranges::copy(bytes.subspan(before_end), data_.begin());
}

void Ring::copy_out(std::uint64_t position, std::span<std::byte> out) const {
    const std::size_t offset = static_cast<std::size_t>(position % size());
    const std::size_t before_end = std::min(out.size(), data_.size() - offset);
    std::ranges::copy(data_.subspan(offset, before_end), out.begin());
    std::ranges::copy(data_.first(out.size() - before_end), out.begin() + static_cast<std::ptrdiff_t>(before_end));
}

std::uint32_t Ring::crc_of(std::uint32_t crc, std::uint64_t position, std::uint64_t count) const {
    const std::size_t offset = static_cast<std::size_t>(position % size());
    const std::size_t before_end = std::min(static_cast<std::size_t>(count), data_.size() - offset);
    crc = wire::crc32(crc, data_.subspan(offset, before_end));
    return wire::crc32(crc, data_.first(static_cast<std::size_t>(count) - before_end));
}

} // namespace maptrail::inbox
