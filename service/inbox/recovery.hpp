// Finding out what an inbox holds after whatever happened to it.
#pragma once

#include "service/inbox/ring.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace maptrail::inbox {

/// Bytes between two good records that are no record.
struct Gap {
    std::uint64_t begin;
    std::uint64_t end;
};

struct Recovered {
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    std::uint64_t records = 0; ///< that wait to be read
    bool rebuilt = false;      ///< head or tail were lost and found again from the records
    bool lost = false;         ///< neither could be found: the inbox has to start anew
    std::vector<Gap> gaps;
};

/// `head` and `tail` as the header tells them, where it can be believed. Every good record that was not released is
/// found, those after the tail too: their page may have reached the disk before the header's. A lost head is taken from
/// the newest record, so records that were released after it was written come again.
[[nodiscard]] Recovered recover(const Ring& ring, std::optional<std::uint64_t> head, std::optional<std::uint64_t> tail);

} // namespace maptrail::inbox
