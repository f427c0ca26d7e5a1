#include "service/inbox/recovery.hpp"

#include <algorithm>

namespace maptrail::inbox {
namespace {

struct Extent {
    std::uint64_t begin;
    std::uint64_t end;
    std::uint64_t head; ///< at the time when the record was written
};

/// Every good record in the file, of the last turn or of one before.
std::vector<Extent> scan(const Ring& ring) {
    std::vector<Extent> found;
    for (std::uint64_t offset = 0; offset < ring.size();) {
        const auto record = ring.record_at_offset(offset);
        if (!record || record->position < std::uint64_t{8} * record->lag) {
            offset += 8;
            continue;
        }
        const std::uint64_t length = record_size(record->size);
        found.push_back(
            {record->position, record->position + length, record->position - std::uint64_t{8} * record->lag});
        offset += length; // what looks like a record inside of one is somebody's payload
    }
    return found;
}

bool consistent(const Ring& ring, std::uint64_t head, std::uint64_t tail) {
    return head % 8 == 0 && tail % 8 == 0 && head <= tail && tail <= max_position && tail - head <= ring.size();
}

/// Fills in what the header does not tell.
void rebuild(const Ring& ring, std::optional<std::uint64_t>& head, std::optional<std::uint64_t>& tail) {
    const std::vector<Extent> found = scan(ring);
    if (!head) {
        for (const Extent& record : found) {
            if (!tail || (record.end <= *tail && *tail - record.head <= ring.size())) {
                head = std::max(head.value_or(0), record.head);
            }
        }
        if (!head) {
            head = tail;
        }
    }
    if (head && !tail) {
        tail = head;
        for (const Extent& record : found) {
            if (record.begin >= *head && record.end - *head <= ring.size()) {
                tail = std::max(*tail, record.end);
            }
        }
    }
}

} // namespace

Recovered recover(const Ring& ring, std::optional<std::uint64_t> head, std::optional<std::uint64_t> tail) {
    Recovered result;
    if (head && tail && !consistent(ring, *head, *tail)) {
        head.reset();
        tail.reset();
    }
    if (!head || !tail) {
        result.rebuilt = true;
        rebuild(ring, head, tail);
    }
    if (!head || !tail || !consistent(ring, *head, *tail)) {
        result.lost = true;
        return result;
    }
    result.head = *head;
    const std::uint64_t limit = *head + ring.size();
    std::uint64_t position = *head;
    while (true) {
        if (const auto record = ring.record_at(position, limit)) {
            position += record_size(record->size);
            result.records += record->kind == static_cast<std::uint32_t>(RecordKind::data) ? 1 : 0;
        } else if (position < *tail) {
            const std::uint64_t next = ring.next_record(position, *tail);
            result.gaps.push_back({position, next});
            position = next;
        } else {
            break;
        }
    }
    result.tail = position;
    return result;
}

} // namespace maptrail::inbox
