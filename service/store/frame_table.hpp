// Which frames have been stored: what makes recording the same batch twice harmless, and tells what is missing.
#pragma once

#include "service/store/statement.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace maptrail {

/// What is known of one producer's numbers; see the schema.
struct Producer {
    std::int64_t id = 0;
    std::uint64_t highest = 0;
    std::uint64_t checked = 0;
    std::uint64_t stored = 0;
    std::uint64_t told = 0;
    std::uint64_t quarantined = 0;
    std::uint64_t lost = 0;
    bool changed = false; ///< FrameTable's
};

class FrameTable {
public:
    using ProducerKey = std::array<std::uint8_t, 16>;

    explicit FrameTable(Database& database);

    /// Made if the database has none. Valid until the next call.
    [[nodiscard]] Producer& producer(const ProducerKey& key);

    /// Says that `producer` is not as the database has it any more.
    void mark_changed(Producer& producer);

    /// Writes the changed ones, each once: to be called before a transaction commits.
    void write_producers();

    /// False if the frame was there already.
    [[nodiscard]] bool add(std::int64_t producer, std::uint64_t sequence);

    void remove(std::int64_t producer, std::optional<std::uint64_t> sequence);

    /// The stored numbers after `after` and up to `last`, in order, `most` at most.
    [[nodiscard]] std::vector<std::uint64_t> numbers(std::int64_t producer, std::uint64_t after, std::uint64_t last,
                                                     std::size_t most);

    struct Unsettled {
        std::int64_t id;
        ProducerKey key;
    };
    /// Producers with numbers that are not accounted for, by id.
    [[nodiscard]] std::vector<Unsettled> unsettled(std::int64_t after_id, std::size_t most);
    [[nodiscard]] std::optional<ProducerKey> key_of(std::int64_t producer);

    /// Forgets a producer of which no frame and no row of the history is left.
    void drop_if_empty(std::int64_t producer);

    /// After a rollback: what was changed in it is not in the database.
    void forget_cache();

private:
    Database& database_;
    std::map<ProducerKey, Producer> cache_;
    std::vector<Producer*> changed_; ///< of the cache
    Statement find_producer_;
    Statement add_producer_;
    Statement set_producer_;
    Statement key_;
    Statement unsettled_;
    Statement add_frame_;
    Statement numbers_;
    Statement remove_frame_;
    Statement drop_producer_;
};

} // namespace maptrail
