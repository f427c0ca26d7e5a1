// Which frames have been stored: what makes recording the same batch twice harmless.
#pragma once

#include "service/store/statement.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>

namespace maptrail {

class FrameTable {
public:
    using ProducerKey = std::array<std::uint8_t, 16>;

    explicit FrameTable(Database& database);

    /// The number that stands for the producer in the database; made if it has none.
    [[nodiscard]] std::int64_t producer(const ProducerKey& key);

    /// False if the frame was there already.
    [[nodiscard]] bool add(std::int64_t producer, std::uint64_t sequence);

    void remove(std::int64_t producer, std::optional<std::uint64_t> sequence);

    /// Forgets a producer of which no frame is left.
    void drop_if_empty(std::int64_t producer);

    /// After a rollback: numbers that were made in it are not in the database.
    void forget_cache() { cache_.clear(); }

private:
    Database& database_;
    std::map<ProducerKey, std::int64_t> cache_;
    Statement find_producer_;
    Statement add_producer_;
    Statement add_frame_;
    Statement remove_frame_;
    Statement drop_producer_;
};

} // namespace maptrail
