#include "service/store/sqlite_store.hpp"

#include "service/store/finder.hpp"
#include "service/store/open.hpp"
#include "service/store/transaction.hpp"

#include <utility>

namespace maptrail {

SqliteStore::SqliteStore(std::unique_ptr<Database> database, std::filesystem::path file, StoreMode mode, Clock clock,
                         std::string host)
    : database_(std::move(database)), file_(std::move(file)), clock_(std::move(clock)), host_(std::move(host)) {
    if (mode == StoreMode::read_write) {
        writer_ = std::make_unique<Writer>(*database_);
        mark_clean(*database_, false);
    }
}

SqliteStore::~SqliteStore() {
    if (writer_ && !damaged_) {
        try {
            mark_clean(*database_, true);
        } catch (const StoreError&) {
            // The next start then looks the database over, which is right after a failed write.
        }
    }
}

void SqliteStore::failed(const SqliteError& error) {
    const int code = error.primary_code();
    damaged_ = damaged_ || code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_IOERR;
    throw_described(file_, error);
}

SqliteStore::Writer& SqliteStore::writer() {
    if (!writer_) {
        throw StoreError(utf8_path(file_) + ": opened for reading only");
    }
    return *writer_;
}

void SqliteStore::write(const std::function<void(StoreCounts&)>& change) {
    Writer& to = writer();
    try {
        Transaction transaction(*database_);
        StoreCounts counts = read_counts(*database_);
        counts.duplicates = duplicates_;
        change(counts);
        to.counters.write(counts);
        transaction.commit();
        duplicates_ = counts.duplicates;
    } catch (const SqliteError& error) {
        to.frames.forget_cache();
        failed(error);
    } catch (...) {
        to.frames.forget_cache();
        throw;
    }
}

void SqliteStore::record(std::span<const Notification> batch) {
    write([&](StoreCounts& counts) {
        for (const Notification& notification : batch) {
            record_one(notification, counts);
        }
    });
}

void SqliteStore::record_one(const Notification& notification, StoreCounts& counts) {
    Writer& to = writer();
    const std::int64_t producer = to.frames.producer(notification.producer);
    if (!to.frames.add(producer, notification.sequence)) {
        ++counts.duplicates;
        return;
    }
    ++counts.notifications;

    auto found = to.operations.lacking(producer, notification);
    OperationRecord record = found ? std::move(*found) : OperationRecord{};
    const bool was_pending = found && record.operation.outcome == Outcome::pending;
    add(record, notification);
    to.inference.infer(record);
    if (found) {
        to.operations.update(record);
    } else {
        record.operation.host = host_;
        record.operation.id = to.operations.insert(record, producer, clock_());
        ++counts.operations;
    }
    const bool is_pending = record.operation.outcome == Outcome::pending;
    counts.pending += is_pending ? 1U : 0U;
    counts.pending -= was_pending ? 1U : 0U;
    if (record.operation.outcome == Outcome::success && !record.local_key.empty()) {
        to.inference.revise_after(record);
    }
}

std::vector<PendingProcess> SqliteStore::pending_processes() {
    Writer& to = writer();
    try {
        return to.operations.pending_processes();
    } catch (const SqliteError& error) {
        failed(error);
    }
}

std::uint64_t SqliteStore::close_pending_of(const ClientProcess& process, const std::string& reason) {
    std::uint64_t closed = 0;
    write([&](StoreCounts& counts) {
        closed = writer_->operations.close_pending_of(process, reason);
        counts.pending -= closed;
    });
    return closed;
}

std::uint64_t SqliteStore::close_pending_before(std::int64_t time, const std::string& reason) {
    std::uint64_t closed = 0;
    write([&](StoreCounts& counts) {
        closed = writer_->operations.close_pending_before(time, reason);
        counts.pending -= closed;
    });
    return closed;
}

std::uint64_t SqliteStore::forget_before(std::int64_t time, std::uint64_t most) {
    std::uint64_t forgotten = 0;
    write([&](StoreCounts& counts) {
        for (const OperationTable::Finished& operation : writer_->operations.finished_before(time, most)) {
            writer_->frames.remove(operation.producer, operation.before_sequence);
            writer_->frames.remove(operation.producer, operation.after_sequence);
            writer_->operations.remove(operation.id);
            writer_->frames.drop_if_empty(operation.producer);
            ++forgotten;
        }
        counts.operations -= forgotten;
    });
    return forgotten;
}

void SqliteStore::find(const Query& query, const std::function<bool(const Operation&)>& row,
                       const std::function<bool()>& go_on) {
    try {
        Finder(*database_, query, go_on).run(row);
    } catch (const SqliteError& error) {
        failed(error);
    }
}

StoreCounts SqliteStore::counts() {
    try {
        StoreCounts counts = read_counts(*database_);
        counts.duplicates = duplicates_;
        return counts;
    } catch (const SqliteError& error) {
        failed(error);
    }
}

} // namespace maptrail
