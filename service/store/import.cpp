#include "service/store/import.hpp"

#include "service/format/ecs_json.hpp"
#include "service/hash/sha256.hpp"
#include "service/store/counters.hpp"
#include "service/store/frame_table.hpp"
#include "service/store/loss_table.hpp"
#include "service/store/open.hpp"
#include "service/store/operation_table.hpp"
#include "service/store/seal_table.hpp"
#include "service/store/transaction.hpp"
#include "service/text/device_name.hpp"
#include "service/text/hex.hpp"

#include <algorithm>
#include <array>

namespace maptrail {
namespace {

/// Of all that the operation tells, less what another history gave it.
Sha256 content_hash(Sha256Hasher& hasher, Operation operation) {
    operation.id = 0;
    operation.place = 0;
    return hasher(json_line(operation_to_json(operation)));
}

/// A gap is told apart by where it begins: it gets smaller when something arrives late.
std::string loss_id(Sha256Hasher& hasher, const Operation& operation) {
    const auto& loss = operation.loss;
    if (loss && loss->kind == LossKind::gap && loss->producer && loss->first_sequence != 0) {
        return "gap-" + hex_bytes(*loss->producer) + "-" + std::to_string(loss->first_sequence);
    }
    return hex_bytes(content_hash(hasher, operation));
}

/// Which notifications it is made of; where that is not told, as if a producer of its own had made it.
Notifications made_of(Sha256Hasher& hasher, const Operation& operation) {
    if (operation.notifications && (operation.notifications->before || operation.notifications->after)) {
        return *operation.notifications;
    }
    Notifications result;
    Operation told = operation;
    told.notifications.reset();
    const Sha256 hash = content_hash(hasher, std::move(told));
    std::copy_n(hash.begin(), result.producer.size(), result.producer.begin());
    result.number = 1;
    result.before = 1;
    if (operation.outcome != Outcome::pending) {
        result.after = 2;
    }
    return result;
}

/// What a service writes is what it saw, and nothing else; and two writers would tear its chain.
bool is_of_service(Database& database) {
    return database.integer("SELECT value FROM meta WHERE name = 'counted_since'") != 0;
}

[[noreturn]] void throw_is_of_service(const std::filesystem::path& file) {
    throw StoreError(utf8_path(file) + ": it is the history of a service, which records only what it saw; name another "
                                       "file, and ask that one with --db");
}

/// Such a one stays as it is: it is neither migrated nor given a write-ahead log.
std::unique_ptr<Database> open_for_import(const std::filesystem::path& file) {
    if (std::error_code error; std::filesystem::exists(file, error)) {
        const auto database = open_of_any_version(file, migrations());
        const std::int64_t schema = check_schema(*database, migrations());
        constexpr std::int64_t first_with_import = 5; ///< older ones are all of services
        if (schema != 0 && (schema < first_with_import || is_of_service(*database))) {
            throw_is_of_service(file);
        }
    }
    return open_for_writing(file, migrations());
}

} // namespace

struct HistoryImport::Tables {
    explicit Tables(Database& database)
        : frames(database), operations(database), losses(database, operations, {}), counters(database), seals(database),
          half(database, "SELECT id, outcome FROM operation WHERE half <> 0 AND producer = ? AND number = ? AND "
                         "+action = ? LIMIT 1") {}

    void rolled_back() {
        frames.forget_cache();
        operations.rolled_back();
        seals.forget();
    }

    void add_loss(const Operation& operation, std::int64_t now, StoreCounts& counts, ImportCounts& imported) {
        switch (losses.insert_other(operation, loss_id(hasher, operation), now)) {
        case LossTable::Other::added:
            ++counts.losses;
            ++imported.added;
            break;
        case LossTable::Other::fewer:
            ++imported.completed;
            break;
        case LossTable::Other::known:
            ++imported.known;
            break;
        }
    }

    void add(const Operation& operation, std::int64_t now, StoreCounts& counts, ImportCounts& imported) {
        const Notifications from = made_of(hasher, operation);
        const std::int64_t producer = frames.producer(from.producer).id;
        bool is_new = false;
        bool was_known = false;
        for (const auto& sequence : {from.before, from.after}) {
            if (sequence) {
                const bool added = frames.add(producer, *sequence);
                is_new = is_new || added;
                was_known = was_known || !added;
            }
        }
        OperationRecord record;
        record.operation = operation;
        record.operation.id = 0;
        record.operation.place = 0;
        record.number = from.number;
        record.before_sequence = from.before;
        record.after_sequence = from.after;
        record.local_key = local_key_of(operation.local_name);
        if (was_known && take_half(producer, record, is_new, counts)) {
            operations.update(record);
            ++imported.completed;
            return;
        }
        if (!is_new) {
            ++imported.known;
            return;
        }
        counts.pending += operation.outcome == Outcome::pending ? 1U : 0U;
        (void)operations.insert(record, producer, now);
        ++counts.operations;
        ++imported.added;
    }

    /// The one of which another notification was known, or that was pending then and is closed now, becomes what
    /// `record` is. False if it is not there.
    bool take_half(std::int64_t producer, OperationRecord& record, bool is_new, StoreCounts& counts) {
        const ResetGuard guard(half);
        half.bind(1, producer);
        half.bind_bits(2, record.number);
        half.bind(3, static_cast<std::int64_t>(record.operation.action));
        if (!half.step()) {
            return false;
        }
        const bool was_pending = half.integer(1) == static_cast<std::int64_t>(Outcome::pending);
        const bool is_pending = record.operation.outcome == Outcome::pending;
        if (!is_new && (!was_pending || is_pending)) {
            return false;
        }
        record.operation.id = half.integer(0);
        counts.pending -= was_pending ? 1U : 0U;
        counts.pending += is_pending ? 1U : 0U;
        return true;
    }

    FrameTable frames;
    OperationTable operations;
    LossTable losses;
    CounterWriter counters;
    SealTable seals;
    Statement half;
    Sha256Hasher hasher;
};

HistoryImport::HistoryImport(const std::filesystem::path& file, Clock clock)
    : file_(file), clock_(std::move(clock)), database_(open_for_import(file)) {
    try {
        if (is_of_service(*database_)) { // by now
            throw_is_of_service(file);
        }
        tables_ = std::make_unique<Tables>(*database_);
        mark_clean(*database_, false);
    } catch (const SqliteError& error) {
        throw_described(file_, error);
    }
}

HistoryImport::~HistoryImport() {
    if (damaged_) {
        return; // it is looked over when it is opened again
    }
    try {
        mark_clean(*database_, true);
    } catch (const StoreError&) {
        // Then too.
    }
}

void HistoryImport::add(std::span<const Operation> operations) {
    ImportCounts imported = counts_;
    try {
        Transaction transaction(*database_);
        tables_->rolled_back(); // others may import too
        tables_->seals.begin();
        StoreCounts counts = read_counts(*database_);
        tables_->operations.count_from(counts.ended);
        const std::int64_t now = clock_();
        for (const Operation& operation : operations) {
            if (operation.action == Action::loss) {
                tables_->add_loss(operation, now, counts, imported);
            } else {
                tables_->add(operation, now, counts, imported);
            }
        }
        counts.ended = tables_->operations.ended();
        tables_->frames.write_producers();
        tables_->counters.write(counts);
        tables_->seals.seal(now);
        transaction.commit();
        tables_->operations.committed();
        tables_->seals.committed();
    } catch (const SqliteError& error) {
        tables_->rolled_back();
        const int code = error.primary_code();
        damaged_ = damaged_ || code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_IOERR;
        throw_described(file_, error);
    } catch (...) {
        tables_->rolled_back();
        throw;
    }
    counts_ = imported;
}

} // namespace maptrail
