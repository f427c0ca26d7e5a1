#include "service/store/dropped_table.hpp"

#include <algorithm>
#include <limits>

namespace maptrail {
namespace {

void bind_key(Statement& statement, std::int64_t producer, const Notification& notification) {
    statement.bind(1, producer);
    statement.bind_bits(2, notification.operation);
    statement.bind(3, static_cast<std::int64_t>(notification.action));
}

} // namespace

DroppedTable::DroppedTable(Database& database)
    : holds_(database, "SELECT 1 FROM dropped WHERE producer = ? AND number = ? AND action = ?"),
      add_(database, "INSERT INTO dropped (producer, number, action, recorded_time, before_sequence, after_sequence) "
                     "VALUES (?, ?, ?, ?, ?, ?)"),
      complete_before_(database, "UPDATE dropped SET before_sequence = ?4 WHERE producer = ?1 AND number = ?2 AND "
                                 "action = ?3"),
      complete_after_(database, "UPDATE dropped SET after_sequence = ?4 WHERE producer = ?1 AND number = ?2 AND "
                                "action = ?3"),
      recorded_before_(database, "SELECT producer, number, action, before_sequence, after_sequence FROM dropped WHERE "
                                 "recorded_time < ? ORDER BY recorded_time LIMIT ?"),
      remove_(database, "DELETE FROM dropped WHERE producer = ? AND number = ? AND action = ?") {}

bool DroppedTable::holds(std::int64_t producer, const Notification& notification) {
    const ResetGuard guard(holds_);
    bind_key(holds_, producer, notification);
    return holds_.step();
}

bool DroppedTable::add(std::int64_t producer, const Notification& notification,
                       std::optional<std::uint64_t> other_sequence, std::int64_t recorded_time) {
    const bool before = notification.phase == Phase::before;
    if (holds(producer, notification)) {
        Statement& complete = before ? complete_before_ : complete_after_;
        bind_key(complete, producer, notification);
        complete.bind_bits(4, notification.sequence);
        complete.run();
        return false;
    }
    bind_key(add_, producer, notification);
    add_.bind(4, recorded_time);
    add_.bind_bits(before ? 5 : 6, notification.sequence);
    add_.bind_bits(before ? 6 : 5, other_sequence);
    add_.run();
    return true;
}

std::vector<DroppedTable::Row> DroppedTable::recorded_before(std::int64_t time, std::uint64_t most) {
    const auto sequence = [this](int column) {
        return recorded_before_.is_null(column) ? std::nullopt : std::optional(recorded_before_.bits(column));
    };
    const ResetGuard guard(recorded_before_);
    constexpr std::uint64_t limit = std::numeric_limits<std::int64_t>::max();
    recorded_before_.bind(1, time);
    recorded_before_.bind(2, static_cast<std::int64_t>(std::min(most, limit)));
    std::vector<Row> found;
    while (recorded_before_.step()) {
        found.push_back({recorded_before_.integer(0), recorded_before_.integer(1), recorded_before_.integer(2),
                         sequence(3), sequence(4)});
    }
    return found;
}

void DroppedTable::remove(const Row& row) {
    remove_.bind(1, row.producer);
    remove_.bind(2, row.number);
    remove_.bind(3, row.action);
    remove_.run();
}

} // namespace maptrail
