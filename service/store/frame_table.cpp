#include "service/store/frame_table.hpp"

#include "service/store/database.hpp"

namespace maptrail {
namespace {

/// Producers come and go with the programs that load the notifyee; the cache need only hold the busy ones.
constexpr std::size_t most_cached = 4096;

} // namespace

FrameTable::FrameTable(Database& database)
    : database_(database), find_producer_(database, "SELECT id FROM producer WHERE key = ?"),
      add_producer_(database, "INSERT INTO producer (key) VALUES (?)"),
      add_frame_(database, "INSERT INTO frame (producer, sequence) VALUES (?, ?) ON CONFLICT DO NOTHING"),
      remove_frame_(database, "DELETE FROM frame WHERE producer = ? AND sequence = ?"),
      drop_producer_(database, "DELETE FROM producer WHERE id = ?1 AND NOT EXISTS "
                               "(SELECT 1 FROM frame WHERE producer = ?1)") {}

std::int64_t FrameTable::producer(const ProducerKey& key) {
    if (const auto known = cache_.find(key); known != cache_.end()) {
        return known->second;
    }
    std::int64_t id = 0;
    {
        const ResetGuard guard(find_producer_);
        find_producer_.bind(1, std::span<const std::uint8_t>(key));
        if (find_producer_.step()) {
            id = find_producer_.integer(0);
        }
    }
    if (id == 0) {
        add_producer_.bind(1, std::span<const std::uint8_t>(key));
        add_producer_.run();
        id = database_.last_row_id();
    }
    if (cache_.size() >= most_cached) {
        cache_.clear();
    }
    cache_.emplace(key, id);
    return id;
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

void FrameTable::drop_if_empty(std::int64_t producer) {
    drop_producer_.bind(1, producer);
    drop_producer_.run();
    if (database_.changes() != 0) {
        std::erase_if(cache_, [producer](const auto& entry) { return entry.second == producer; });
    }
}

} // namespace maptrail
