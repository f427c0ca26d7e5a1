// Operations that a rule kept out of the history: nothing but the numbers of their frames.
#pragma once

#include "common/model/notification.hpp"
#include "service/store/statement.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace maptrail {

class DroppedTable {
public:
    explicit DroppedTable(Database& database);

    /// Whether the notification's operation was dropped.
    [[nodiscard]] bool holds(std::int64_t producer, const Notification& notification);

    /// Adds a frame of such an operation. False if another one of it was there.
    bool add(std::int64_t producer, const Notification& notification, std::optional<std::uint64_t> other_sequence,
             std::int64_t recorded_time);

    struct Row {
        std::int64_t producer;
        std::int64_t number;
        std::int64_t action;
        std::optional<std::uint64_t> before_sequence;
        std::optional<std::uint64_t> after_sequence;
    };
    /// The oldest that were recorded before that time, `most` at most.
    [[nodiscard]] std::vector<Row> recorded_before(std::int64_t time, std::uint64_t most);
    void remove(const Row& row);

private:
    Statement holds_;
    Statement add_;
    Statement complete_before_;
    Statement complete_after_;
    Statement recorded_before_;
    Statement remove_;
};

} // namespace maptrail
