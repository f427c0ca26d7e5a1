// Losses as rows of the history.
#pragma once

#include "common/model/loss.hpp"
#include "service/store/frame_table.hpp"
#include "service/store/operation_table.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace maptrail {

class LossTable {
public:
    /// `operations` must outlive it. `host` goes into each row.
    LossTable(Database& database, OperationTable& operations, std::string host);

    /// A loss that somebody told of. `producer` is its number in the database, 0 if it has none. False if it is there
    /// already.
    bool insert(const Loss& loss, std::int64_t producer, std::int64_t recorded_time);

    enum class Other { added, known, fewer };
    /// A loss that another history has, with its host. `id` tells it from others. One that is known may tell of fewer
    /// missing notifications by now.
    Other insert_other(const Operation& loss, const std::string& id, std::int64_t recorded_time);

    /// Numbers of a producer.
    struct Gap {
        std::uint64_t first;
        std::uint64_t last;
        std::uint64_t count; ///< of these, that are missing and not explained otherwise
    };
    /// Its caller and its time are those of the operations beside it.
    void insert_gap(const FrameTable::ProducerKey& key, std::int64_t producer, const Gap& gap,
                    std::int64_t recorded_time);

    enum class Taken { none, one, last };
    /// Takes a number that arrived out of its gap; a gap without any goes.
    Taken take(std::int64_t producer, std::uint64_t sequence);

private:
    struct Row {
        Operation operation;
        std::string id;
    };
    void insert(const Row& row, std::int64_t producer, std::int64_t recorded_time);
    void set_count(std::int64_t id, std::uint64_t count, const std::string& reason);
    [[nodiscard]] bool knows(const std::string& id);
    [[nodiscard]] std::optional<Operation> neighbour(Statement& statement, std::int64_t producer,
                                                     std::uint64_t sequence);

    OperationTable& operations_;
    std::string host_;
    Statement known_;
    Statement set_;
    Statement earlier_;
    Statement later_;
    Statement gap_;
    Statement fewer_;
};

} // namespace maptrail
