#include "service/store/operation_table.hpp"

#include "service/store/database.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace maptrail {
namespace {

// Parameters of bind_record first, then what is the table's own.
constexpr int first_own_parameter = operation_column_count + record_column_count;

std::string columns() {
    return std::string(operation_columns) + ", " + record_columns;
}

std::string placeholders(int count) {
    std::string text = "?";
    for (int i = 1; i < count; ++i) {
        text += ", ?";
    }
    return text;
}

std::string insert_sql() {
    return "INSERT INTO operation (" + columns() + ", producer, recorded_time, id) VALUES (" +
           placeholders(first_own_parameter + 2) + ")";
}

std::string update_sql() {
    return "UPDATE operation SET (" + columns() + ") = (" + placeholders(first_own_parameter - 1) + ") WHERE id = ?";
}

} // namespace

OperationTable::OperationTable(Database& database)
    : highest_(database,
               "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'operation'), 0), "
               "coalesce((SELECT max(id) FROM operation), 0), coalesce((SELECT max(operation) FROM seal), 0))"),
      // The plus: where a partial index could depend on a value, SQLite prepares a statement anew for each one.
      lacking_(database, "SELECT id, " + columns() +
                             " FROM operation WHERE half <> 0 AND producer = ? AND number = ? AND half = ? AND "
                             "+action = ? ORDER BY id LIMIT 1"),
      insert_(database, insert_sql()), update_(database, update_sql()),
      pending_processes_(database, "SELECT pid, process_started, max(process_path), max(bitness), count(*) "
                                   "FROM operation WHERE outcome = 0 GROUP BY pid, process_started"),
      // In the order of the index on what is pending: for that of ids SQLite would go through the whole table, or sort.
      pending_(database, "SELECT id, pid, process_started FROM operation WHERE outcome = 0 AND start_time <= ? "
                         "ORDER BY start_time"),
      close_(database,
             "UPDATE operation SET outcome = 4, reason = ?, ended = ? WHERE id = ? RETURNING id, " + columns()),
      finished_(database, "SELECT id, producer, before_sequence, after_sequence, action, ended FROM operation "
                          "WHERE start_time < ? AND outcome <> 0 ORDER BY start_time LIMIT ?"),
      remove_(database, "DELETE FROM operation WHERE id = ?") {}

std::optional<OperationRecord> OperationTable::lacking(std::int64_t producer, const Notification& notification) {
    const ResetGuard guard(lacking_);
    lacking_.bind(1, producer);
    lacking_.bind_bits(2, notification.operation);
    lacking_.bind(3, notification.phase == Phase::after ? 1 : 2);
    lacking_.bind(4, static_cast<std::int64_t>(notification.action));
    return lacking_.step() ? std::optional(read_record(lacking_)) : std::nullopt;
}

void OperationTable::count_from(std::uint64_t ended) {
    ended_ = ended;
    const ResetGuard guard(highest_);
    if (highest_.step()) {
        last_id_ = std::max(last_id_, highest_.integer(0));
    }
    last_id_before_ = last_id_;
}

void OperationTable::give_place(Operation& operation) {
    if (operation.outcome != Outcome::pending && operation.place == 0) {
        operation.place = static_cast<std::int64_t>(++ended_);
    }
}

std::int64_t OperationTable::insert(OperationRecord& record, std::int64_t producer, std::int64_t recorded_time) {
    if (last_id_ == std::numeric_limits<std::int64_t>::max()) {
        throw StoreError("there is no id left: somebody put in a record with the highest one; `maptrail verify` names "
                         "it");
    }
    give_place(record.operation);
    bind_record(insert_, record);
    insert_.bind(first_own_parameter, producer);
    insert_.bind(first_own_parameter + 1, recorded_time);
    insert_.bind(first_own_parameter + 2, last_id_ + 1);
    insert_.run();
    return ++last_id_;
}

void OperationTable::update(OperationRecord& record) {
    give_place(record.operation);
    bind_record(update_, record);
    update_.bind(first_own_parameter, record.operation.id);
    update_.run();
}

std::vector<PendingProcess> OperationTable::pending_processes() {
    const ResetGuard guard(pending_processes_);
    std::vector<PendingProcess> found;
    while (pending_processes_.step()) {
        PendingProcess pending;
        pending.process.pid = pending_processes_.number<std::uint32_t>(0);
        pending.process.started = pending_processes_.integer(1);
        pending.process.path = pending_processes_.text(2);
        pending.process.bitness = pending_processes_.number<std::uint8_t>(3);
        pending.operations = pending_processes_.bits(4);
        found.push_back(std::move(pending));
    }
    return found;
}

std::uint64_t OperationTable::close_pending_of(std::span<const ClientProcess> processes, const std::string& reason,
                                               std::uint64_t most, std::vector<Operation>& matched) {
    std::set<std::pair<std::int64_t, std::int64_t>> wanted;
    for (const ClientProcess& process : processes) {
        wanted.emplace(process.pid, process.started);
    }
    std::vector<std::int64_t> ids;
    {
        // Once through what is pending, however many processes.
        const ResetGuard guard(pending_);
        pending_.bind(1, std::numeric_limits<std::int64_t>::max());
        while (ids.size() < most && pending_.step()) {
            if (wanted.contains({pending_.integer(1), pending_.integer(2)})) {
                ids.push_back(pending_.integer(0));
            }
        }
    }
    close(ids, reason, matched);
    return ids.size();
}

std::uint64_t OperationTable::close_pending_before(std::int64_t time, const std::string& reason, std::uint64_t most,
                                                   std::vector<Operation>& matched) {
    std::vector<std::int64_t> ids;
    if (time > std::numeric_limits<std::int64_t>::min()) {
        const ResetGuard guard(pending_);
        pending_.bind(1, time - 1);
        while (ids.size() < most && pending_.step()) {
            ids.push_back(pending_.integer(0));
        }
    }
    close(ids, reason, matched);
    return ids.size();
}

/// Each gets a place of its own.
void OperationTable::close(const std::vector<std::int64_t>& ids, const std::string& reason,
                           std::vector<Operation>& matched) {
    for (const std::int64_t id : ids) {
        const ResetGuard guard(close_);
        close_.bind(1, std::string_view(reason));
        close_.bind_bits(2, ++ended_);
        close_.bind(3, id);
        if (close_.step()) {
            Operation operation = read_operation(close_);
            if (!operation.judged.rules.empty()) {
                matched.push_back(std::move(operation));
            }
        }
    }
}

std::vector<OperationTable::Finished> OperationTable::finished_before(std::int64_t time, std::uint64_t most) {
    const auto sequence = [this](int column) {
        return finished_.is_null(column) ? std::nullopt : std::optional(finished_.bits(column));
    };
    const ResetGuard guard(finished_);
    finished_.bind(1, time);
    constexpr std::uint64_t limit = std::numeric_limits<std::int64_t>::max();
    finished_.bind(2, static_cast<std::int64_t>(std::min(most, limit)));
    std::vector<Finished> found;
    while (finished_.step()) {
        const bool is_loss = finished_.integer(4) == static_cast<std::int64_t>(Action::loss);
        found.push_back(
            {finished_.integer(0), is_loss, finished_.integer(1), finished_.bits(5), sequence(2), sequence(3)});
    }
    return found;
}

void OperationTable::remove(std::int64_t id) {
    remove_.bind(1, id);
    remove_.run();
}

} // namespace maptrail
