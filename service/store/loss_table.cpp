#include "service/store/loss_table.hpp"

#include "service/store/database.hpp"
#include "service/text/hex.hpp"

#include <algorithm>

namespace maptrail {
namespace {

std::string neighbour_sql(const char* which) {
    return "SELECT id, " + std::string(operation_columns) + " FROM operation WHERE producer = ? AND action <> 3 AND " +
           which + " LIMIT 1";
}

std::string reason_of(const LossTable::Gap& gap) {
    const std::uint64_t numbers = gap.last - gap.first + 1;
    std::string text = gap.count == 1 ? "a notification of this program never arrived (number "
                                      : std::to_string(gap.count) + " notifications of this program never arrived (";
    text += gap.count == 1 ? "" : (gap.count == numbers ? "numbers " : "of numbers ");
    text += std::to_string(gap.first);
    text += numbers == 1 ? "" : " to " + std::to_string(gap.last);
    return text + "): it ended before they were stored, or could not write them to the spool; check the disk's free "
                  "space and the rights of the spool folder";
}

} // namespace

LossTable::LossTable(Database& database, OperationTable& operations, std::string host)
    : operations_(operations), host_(std::move(host)),
      known_(database, "SELECT id, loss_count FROM operation WHERE loss_id = ?"),
      set_(database, "UPDATE operation SET before_sequence = NULL, after_sequence = NULL, loss_kind = ?, "
                     "loss_count = ?, loss_first = ?, loss_last = ?, loss_producer = ?, loss_id = ? WHERE id = ?"),
      earlier_(database, neighbour_sql("before_sequence < ? ORDER BY before_sequence DESC")),
      later_(database, neighbour_sql("before_sequence > ? ORDER BY before_sequence")),
      gap_(database, "SELECT id, loss_first, loss_last, loss_count FROM operation WHERE loss_kind = 1 AND "
                     "producer = ? AND loss_first <= ? ORDER BY loss_first DESC LIMIT 1"),
      fewer_(database, "UPDATE operation SET loss_count = ?, reason = ? WHERE id = ?") {}

void LossTable::insert(const Row& row, std::int64_t producer, std::int64_t recorded_time) {
    OperationRecord record;
    record.operation = row.operation;
    record.operation.action = Action::loss;
    record.operation.outcome = Outcome::unknown;
    record.operation.host = row.operation.host.empty() ? host_ : row.operation.host;
    // Both are "there", so that no notification is taken for a half of it.
    record.before_sequence = 0;
    record.after_sequence = 0;
    const std::int64_t id = operations_.insert(record, producer, recorded_time);
    const LossDetail loss = row.operation.loss.value_or(LossDetail{});
    const std::string key = loss.producer ? hex_bytes(*loss.producer) : std::string();
    set_.bind(1, static_cast<std::int64_t>(loss.kind));
    set_.bind_bits(2, loss.count);
    set_.bind_bits(3, loss.first_sequence);
    set_.bind_bits(4, loss.last_sequence);
    set_.bind(5, std::string_view(key));
    if (row.id.empty()) {
        set_.bind_null(6);
    } else {
        set_.bind(6, std::string_view(row.id));
    }
    set_.bind(7, id);
    set_.run();
}

bool LossTable::knows(const std::string& id) {
    const ResetGuard guard(known_);
    known_.bind(1, std::string_view(id));
    return known_.step();
}

LossTable::Other LossTable::insert_other(const Operation& loss, const std::string& id, std::int64_t recorded_time) {
    std::int64_t known_id = 0;
    {
        const ResetGuard guard(known_);
        known_.bind(1, std::string_view(id));
        if (known_.step()) {
            if (!loss.loss || loss.loss->count >= known_.bits(1)) {
                return Other::known;
            }
            known_id = known_.integer(0);
        }
    }
    if (known_id != 0) {
        set_count(known_id, loss.loss->count, loss.reason);
        return Other::fewer;
    }
    insert({loss, id}, 0, recorded_time);
    return Other::added;
}

void LossTable::set_count(std::int64_t id, std::uint64_t count, const std::string& reason) {
    fewer_.bind_bits(1, count);
    fewer_.bind(2, std::string_view(reason));
    fewer_.bind(3, id);
    fewer_.run();
}

bool LossTable::insert(const Loss& loss, std::int64_t producer, std::int64_t recorded_time) {
    Row row;
    row.id = hex_bytes(loss.id);
    if (knows(row.id)) {
        return false;
    }
    row.operation.start = loss.time;
    row.operation.reason = loss.reason;
    row.operation.identity = loss.identity;
    row.operation.process = loss.process;
    row.operation.source = loss.source;
    row.operation.loss = LossDetail{.kind = loss.kind, .count = loss.count, .producer = loss.producer};
    insert(row, producer, recorded_time);
    return true;
}

std::optional<Operation> LossTable::neighbour(Statement& statement, std::int64_t producer, std::uint64_t sequence) {
    const ResetGuard guard(statement);
    statement.bind(1, producer);
    statement.bind_bits(2, sequence);
    return statement.step() ? std::optional(read_operation(statement)) : std::nullopt;
}

void LossTable::insert_gap(const FrameTable::ProducerKey& key, std::int64_t producer, const Gap& gap,
                           std::int64_t recorded_time) {
    const auto before = neighbour(earlier_, producer, gap.first);
    const auto after = neighbour(later_, producer, gap.last);
    Row row;
    Operation& loss = row.operation;
    if (before || after) {
        const Operation& nearest = before ? *before : *after;
        loss.identity = nearest.identity;
        loss.process = nearest.process;
        loss.source = nearest.source;
        // Rows of one moment are shown in the order in which they were stored, which puts it behind `before`.
        loss.start = before ? before->start : std::max(after->start - 1, earliest_recorded);
        loss.end = after ? std::max(after->start, loss.start) : 0;
    } else {
        loss.start = std::clamp(recorded_time, earliest_recorded, latest_recorded);
    }
    loss.reason = reason_of(gap);
    loss.loss = LossDetail{LossKind::gap, gap.count, key, gap.first, gap.last};
    insert(row, producer, recorded_time);
}

LossTable::Taken LossTable::take(std::int64_t producer, std::uint64_t sequence) {
    std::int64_t id = 0;
    Gap gap{};
    {
        const ResetGuard guard(gap_);
        gap_.bind(1, producer);
        gap_.bind_bits(2, sequence);
        if (!gap_.step() || gap_.bits(2) < sequence) {
            return Taken::none;
        }
        id = gap_.integer(0);
        gap = {gap_.bits(1), gap_.bits(2), gap_.bits(3)};
    }
    if (gap.count <= 1) {
        operations_.remove(id);
        return Taken::last;
    }
    --gap.count;
    set_count(id, gap.count, reason_of(gap));
    return Taken::one;
}

} // namespace maptrail
