#include "service/store/frame_table.hpp"

#include "service/store/database.hpp"

#include <algorithm>

namespace maptrail {
namespace {

/// Producers come and go with the programs that load the notifyee; the cache need only hold the busy ones.
constexpr std::size_t most_cached = 4096;

FrameTable::ProducerKey key_in(const Statement& row, int column) {
    FrameTable::ProducerKey key{};
    const std::string_view bytes = row.text(column); // of a blob: its bytes
    std::copy_n(bytes.begin(), std::min(bytes.size(), key.size()), key.begin());
    return key;
}

} // namespace

FrameTable::FrameTable(Database& database)
    : database_(database),
      find_producer_(database, "SELECT id, highest, checked, stored, told, quarantined, lost FROM producer "
                               "WHERE key = ?"),
      add_producer_(database, "INSERT INTO producer (key) VALUES (?)"),
      set_producer_(database, "UPDATE producer SET highest = ?, checked = ?, stored = ?, told = ?, quarantined = ?, "
                              "lost = ? WHERE id = ?"),
      key_(database, "SELECT key FROM producer WHERE id = ?"),
      unsettled_(database, "SELECT id, key FROM producer WHERE highest > checked AND id > ? ORDER BY id LIMIT ?"),
      add_frame_(database, "INSERT INTO frame (producer, sequence) VALUES (?, ?) ON CONFLICT DO NOTHING"),
      numbers_(database, "SELECT sequence FROM frame WHERE producer = ? AND sequence > ? AND sequence <= ? "
                         "ORDER BY sequence LIMIT ?"),
      remove_frame_(database, "DELETE FROM frame WHERE producer = ? AND sequence = ?"),
      drop_producer_(database, "DELETE FROM producer WHERE id = ?1 AND NOT EXISTS "
                               "(SELECT 1 FROM frame WHERE producer = ?1) AND NOT EXISTS "
                               "(SELECT 1 FROM operation WHERE producer = ?1)") {}

Producer& FrameTable::producer(const ProducerKey& key) {
    if (const auto known = cache_.find(key); known != cache_.end()) {
        return known->second;
    }
    Producer found;
    {
        const ResetGuard guard(find_producer_);
        find_producer_.bind(1, std::span<const std::uint8_t>(key));
        if (find_producer_.step()) {
            found.id = find_producer_.integer(0);
            found.highest = find_producer_.bits(1);
            found.checked = find_producer_.bits(2);
            found.stored = find_producer_.bits(3);
            found.told = find_producer_.bits(4);
            found.quarantined = find_producer_.bits(5);
            found.lost = find_producer_.bits(6);
        }
    }
    if (found.id == 0) {
        add_producer_.bind(1, std::span<const std::uint8_t>(key));
        add_producer_.run();
        found.id = database_.last_row_id();
    }
    if (cache_.size() >= most_cached) {
        write_producers();
        forget_cache();
    }
    return cache_.emplace(key, found).first->second;
}

void FrameTable::mark_changed(Producer& producer) {
    if (!producer.changed) {
        producer.changed = true;
        changed_.push_back(&producer);
    }
}

void FrameTable::write_producers() {
    for (Producer* const changed : changed_) {
        Producer& producer = *changed;
        set_producer_.bind_bits(1, producer.highest);
        set_producer_.bind_bits(2, producer.checked);
        set_producer_.bind_bits(3, producer.stored);
        set_producer_.bind_bits(4, producer.told);
        set_producer_.bind_bits(5, producer.quarantined);
        set_producer_.bind_bits(6, producer.lost);
        set_producer_.bind(7, producer.id);
        set_producer_.run();
        producer.changed = false;
    }
    changed_.clear();
}

void FrameTable::forget_cache() {
    changed_.clear();
    cache_.clear();
}

bool FrameTable::add(std::int64_t producer, std::uint64_t sequence) {
    add_frame_.bind(1, producer);
    add_frame_.bind_bits(2, sequence);
    add_frame_.run();
    return database_.changes() != 0;
}

void FrameTable::remove(std::int64_t producer, std::optional<std::uint64_t> sequence) {
    if (sequence) {
        remove_frame_.bind(1, producer);
        remove_frame_.bind_bits(2, *sequence);
        remove_frame_.run();
    }
}

std::vector<std::uint64_t> FrameTable::numbers(std::int64_t producer, std::uint64_t after, std::uint64_t last,
                                               std::size_t most) {
    const ResetGuard guard(numbers_);
    numbers_.bind(1, producer);
    numbers_.bind_bits(2, after);
    numbers_.bind_bits(3, last);
    numbers_.bind(4, static_cast<std::int64_t>(most));
    std::vector<std::uint64_t> found;
    while (numbers_.step()) {
        found.push_back(numbers_.bits(0));
    }
    return found;
}

std::vector<FrameTable::Unsettled> FrameTable::unsettled(std::int64_t after_id, std::size_t most) {
    const ResetGuard guard(unsettled_);
    unsettled_.bind(1, after_id);
    unsettled_.bind(2, static_cast<std::int64_t>(most));
    std::vector<Unsettled> found;
    while (unsettled_.step()) {
        found.push_back({unsettled_.integer(0), key_in(unsettled_, 1)});
    }
    return found;
}

std::optional<FrameTable::ProducerKey> FrameTable::key_of(std::int64_t producer) {
    const ResetGuard guard(key_);
    key_.bind(1, producer);
    return key_.step() ? std::optional(key_in(key_, 0)) : std::nullopt;
}

void FrameTable::drop_if_empty(std::int64_t producer) {
    write_producers();
    drop_producer_.bind(1, producer);
    drop_producer_.run();
    if (database_.changes() != 0) {
        std::erase_if(cache_, [producer](const auto& entry) { return entry.second.id == producer; });
    }
}

} // namespace maptrail
