#include "service/store/sqlite_store.hpp"

#include "common/product.hpp"
#include "service/store/finder.hpp"
#include "service/store/open.hpp"
#include "service/store/schema.hpp"
#include "service/store/statement.hpp"
#include "service/store/transaction.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace maptrail {

namespace {

/// Entries of the chain: an operation has two or three, and some were left by those before.
constexpr std::size_t cut_for_each = 4;
constexpr std::size_t fewest_cut = 2'000;

constexpr std::uint64_t fewest_for_room = 64; ///< operations: fewer may leave no page empty

void set_counted_since(Database& database, std::int64_t time) {
    Statement set(database, "INSERT OR REPLACE INTO meta (name, value) VALUES ('counted_since', ?)",
                  Statement::Life::once);
    set.bind(1, time);
    set.run();
}

} // namespace

SqliteStore::SqliteStore(std::unique_ptr<Database> database, std::filesystem::path file, StoreMode mode, Clock clock,
                         std::string host)
    : database_(std::move(database)), file_(std::move(file)), clock_(std::move(clock)), host_(std::move(host)) {
    if (mode == StoreMode::read_write) {
        writer_ = std::make_unique<Writer>(*database_, host_);
        constexpr std::size_t most_told = 10;
        std::vector<std::string> foreign = foreign_parts(*database_, migrations());
        foreign.resize(std::min(foreign.size(), most_told));
        for (const std::string& name : foreign) {
            writer_->seals.tell("the database's " + name + " was not as MapTrail makes it");
        }
        mark_clean(*database_, false);
        counted_since_ = database_->integer("SELECT value FROM meta WHERE name = 'counted_since'");
        if (counted_since_ == 0) {
            set_counted_since(*database_, counted_since_ = clock_());
        }
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
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
        // What is moved aside shall be as it was found: closing it must not write the log into it.
        (void)sqlite3_db_config(database_->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }
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
    const std::size_t matched = matched_.size();
    try {
        Transaction transaction(*database_);
        to.seals.begin();
        StoreCounts counts = read_counts(*database_);
        counts.duplicates = duplicates_;
        to.operations.count_from(counts.ended);
        change(counts);
        counts.ended = to.operations.ended();
        to.frames.write_producers();
        to.counters.write(counts);
        to.seals.seal(clock_());
        transaction.commit();
        to.committed();
        duplicates_ = counts.duplicates;
    } catch (const SqliteError& error) {
        to.rolled_back();
        matched_.resize(matched);
        failed(error);
    } catch (...) {
        to.rolled_back();
        matched_.resize(matched);
        throw;
    }
}

void SqliteStore::record(std::span<const Notification> batch, std::span<const Loss> losses) {
    write([&](StoreCounts& counts) {
        for (const Notification& notification : batch) {
            record_one(notification, counts);
        }
        for (const Loss& loss : losses) {
            writer_->accounts.told(loss, clock_(), counts);
        }
    });
}

void SqliteStore::keep_config(const ConfigVersion& version, const std::string& text) {
    write([&](StoreCounts&) {
        Statement add(*database_,
                      "INSERT OR IGNORE INTO config (version, sha256, first_time, content) VALUES (?, ?, ?, ?)",
                      Statement::Life::once);
        add.bind_bits(1, short_version(version));
        add.bind(2, std::span(version));
        add.bind(3, clock_());
        add.bind(4, std::string_view(text));
        add.run();
    });
}

std::optional<std::string> SqliteStore::config_of(std::uint64_t version) {
    try {
        Statement find(*database_, "SELECT content FROM config WHERE version = ?", Statement::Life::once);
        find.bind_bits(1, version);
        return find.step() ? std::optional(std::string(find.text(0))) : std::nullopt;
    } catch (const SqliteError& error) {
        failed(error);
    }
}

void SqliteStore::keep_groups(std::span<const GroupSet> sets) {
    if (sets.empty()) {
        return;
    }
    write([&](StoreCounts&) {
        Statement add(*database_, "INSERT OR IGNORE INTO group_set (id, sids) VALUES (?, ?)", Statement::Life::once);
        for (const GroupSet& set : sets) {
            const std::string sids = nlohmann::json(set.sids).dump();
            add.bind_bits(1, set.id);
            add.bind(2, std::string_view(sids));
            add.run();
        }
    });
}

std::optional<std::vector<std::string>> SqliteStore::groups_of(std::uint64_t id) {
    try {
        Statement find(*database_, "SELECT sids FROM group_set WHERE id = ?", Statement::Life::once);
        find.bind_bits(1, id);
        const nlohmann::json sids =
            find.step() ? nlohmann::json::parse(find.text(0), nullptr, false) : nlohmann::json();
        const bool good = sids.is_array() && sids.size() <= most_groups &&
                          std::ranges::all_of(sids, [](const nlohmann::json& sid) { return sid.is_string(); });
        return good ? std::optional(sids.get<std::vector<std::string>>()) : std::nullopt;
    } catch (const SqliteError& error) {
        failed(error);
    }
}

std::uint64_t SqliteStore::settle_gaps(const GapRules& rules) {
    Writer& to = writer();
    try {
        if (to.frames.unsettled(0, 1).empty()) {
            return 0;
        }
    } catch (const SqliteError& error) {
        failed(error);
    }
    std::uint64_t lost = 0;
    write([&](StoreCounts& counts) { lost = to.accounts.settle(rules, clock_(), counts); });
    return lost;
}

void SqliteStore::record_one(const Notification& notification, StoreCounts& counts) {
    Writer& to = writer();
    Producer& entry = to.frames.producer(notification.producer);
    const std::int64_t producer = entry.id;
    if (!to.frames.add(producer, notification.sequence)) {
        ++counts.duplicates;
        add_denial(producer, notification, counts);
        return;
    }
    to.accounts.arrived(entry, notification, counted_since_, counts);

    auto found = to.operations.lacking(producer, notification);
    if (notification.drop ||
        (!found && notification.phase == Phase::after && to.dropped.holds(producer, notification))) {
        drop(producer, notification, found ? &*found : nullptr, counts);
        return;
    }
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
    if (found && !was_pending) {
        match(record.operation, notification.phase);
    } else if (!is_pending) {
        match(record.operation);
    }
    counts.pending += is_pending ? 1U : 0U;
    counts.pending -= was_pending ? 1U : 0U;
    if (record.operation.outcome == Outcome::success && !record.local_key.empty()) {
        to.inference.revise_after(record);
    }
}

void SqliteStore::match(const Operation& operation) {
    if (!operation.judged.rules.empty()) {
        matched_.push_back(operation);
    }
}

/// The other half's rules were given with it.
void SqliteStore::match(const Operation& operation, Phase phase) {
    Operation half = operation;
    std::erase_if(half.judged.rules, [&](const MatchedRule& rule) { return rule.phase != phase; });
    match(half);
}

/// A rule keeps the operation out of the history; of what came first it may hold the other half.
void SqliteStore::drop(std::int64_t producer, const Notification& notification, const OperationRecord* stored,
                       StoreCounts& counts) {
    OperationRecord dropped = stored != nullptr ? *stored : OperationRecord{};
    add(dropped, notification);
    const bool other_was_given = stored != nullptr && stored->operation.outcome != Outcome::pending;
    dropped.operation.id = 0;
    dropped.operation.host = host_;
    other_was_given ? match(dropped.operation, notification.phase) : match(dropped.operation);
    std::optional<std::uint64_t> other_sequence;
    if (stored != nullptr) {
        other_sequence = notification.phase == Phase::before ? stored->after_sequence : stored->before_sequence;
        counts.pending -= stored->operation.outcome == Outcome::pending ? 1U : 0U;
        --counts.operations;
        writer_->operations.remove(stored->operation.id);
    }
    counts.dropped += writer_->dropped.add(producer, notification, other_sequence, clock_()) ? 1U : 0U;
}

/// The frame came over the pipe, but its receipt too late: the notifyee refused the connection and spooled the frame,
/// which now says so.
void SqliteStore::add_denial(std::int64_t producer, const Notification& notification, StoreCounts& counts) {
    if (notification.decision != Decision::deny || notification.source != Source::spool ||
        notification.phase != Phase::before) {
        return;
    }
    Notification awaited = notification;
    awaited.phase = Phase::after;
    auto found = writer_->operations.lacking(producer, awaited);
    if (!found || found->operation.decision == Decision::deny) {
        return;
    }
    counts.pending -= found->operation.outcome == Outcome::pending ? 1U : 0U;
    deny(found->operation, default_denied_status);
    writer_->operations.update(*found);
}

std::vector<PendingProcess> SqliteStore::pending_processes() {
    Writer& to = writer();
    try {
        return to.operations.pending_processes();
    } catch (const SqliteError& error) {
        failed(error);
    }
}

std::uint64_t SqliteStore::close_pending_of(std::span<const ClientProcess> processes, const std::string& reason,
                                            std::uint64_t most) {
    std::uint64_t closed = 0;
    write([&](StoreCounts& counts) {
        closed = writer_->operations.close_pending_of(processes, reason, most, matched_);
        counts.pending -= closed;
    });
    return closed;
}

std::uint64_t SqliteStore::close_pending_before(std::int64_t time, const std::string& reason, std::uint64_t most) {
    std::uint64_t closed = 0;
    write([&](StoreCounts& counts) {
        closed = writer_->operations.close_pending_before(time, reason, most, matched_);
        counts.pending -= closed;
    });
    return closed;
}

std::uint64_t SqliteStore::forget_before(std::int64_t time, std::uint64_t most) {
    std::uint64_t forgotten = 0;
    // What goes first may be from a clock that was ahead; of the chain and of programs that says nothing.
    const std::int64_t past = std::min(time, clock_());
    write([&](StoreCounts& counts) {
        const auto forget_frames = [&](const auto& row) {
            for (const auto& sequence : {row.before_sequence, row.after_sequence}) {
                // A number that is removed before it was accounted for would look like one that never came.
                writer_->accounts.settle_up_to(row.producer, sequence.value_or(0), clock_(), counts);
                writer_->frames.remove(row.producer, sequence);
            }
        };
        for (const OperationTable::Finished& operation : writer_->operations.finished_before(time, most)) {
            forget_frames(operation);
            counts.forgotten = std::max(counts.forgotten, operation.place);
            writer_->operations.remove(operation.id);
            writer_->frames.drop_if_empty(operation.producer);
            (operation.is_loss ? counts.losses : counts.operations) -= 1;
            ++forgotten;
        }
        for (const DroppedTable::Row& row : writer_->dropped.recorded_before(time, most - forgotten)) {
            forget_frames(row);
            writer_->dropped.remove(row);
            writer_->frames.drop_if_empty(row.producer);
            ++forgotten;
        }
        writer_->seals.cut_before(past, clock_(),
                                  std::max(fewest_cut, cut_for_each * static_cast<std::size_t>(forgotten)));
        if (forgotten != 0 && past > counted_since_) {
            set_counted_since(*database_, past);
        }
    });
    if (forgotten != 0) {
        counted_since_ = std::max(counted_since_, past);
    }
    return forgotten;
}

/// The counters as they should be; if they were not, that is told, and mended.
StoreCounts SqliteStore::count_rows() {
    StoreCounts right;
    write([&](StoreCounts& counts) {
        const auto rows = static_cast<std::uint64_t>(database_->integer("SELECT count(*) FROM operation"));
        const std::uint64_t said = counts.operations + counts.losses;
        if (said != rows) {
            writer_->seals.tell("the counters say " + std::to_string(said) + " records, and there are " +
                                std::to_string(rows));
            counts.losses = std::min(counts.losses, rows);
            counts.operations = rows - counts.losses;
        }
        right = counts;
    });
    return right;
}

/// What forgetting operations can't make room of.
std::uint64_t SqliteStore::bytes_of_settings() {
    try {
        return static_cast<std::uint64_t>(
            database_->integer("SELECT (SELECT coalesce(sum(octet_length(content)), 0) FROM config) + (SELECT "
                               "coalesce(sum(octet_length(sids)), 0) FROM group_set)"));
    } catch (const SqliteError& error) {
        failed(error);
    }
}

std::optional<std::int64_t> SqliteStore::surplus_before(const Retention& keep, std::uint64_t most) {
    const auto surplus_of = [&keep](const StoreCounts& is) {
        const std::uint64_t rows = is.operations + is.losses;
        return keep.operations != 0 && rows > keep.operations ? rows - keep.operations : 0;
    };
    const StoreCounts now = counts();
    std::uint64_t surplus = surplus_of(now);
    if (surplus != 0 && !rows_counted_) {
        surplus = surplus_of(count_rows()); // what the counters say, anybody could have written there
        rows_counted_ = true;
    }
    if (surplus == 0) {
        rows_counted_ = false;
    }
    const std::uint64_t used = now.bytes - now.free_bytes;
    const std::uint64_t room = keep.bytes + bytes_of_settings();
    const bool too_large = keep.bytes != 0 && used > room;
    if (too_large) {
        // How much room that makes shows afterwards.
        const double part = static_cast<double>(used - room) / static_cast<double>(used);
        const double rows = static_cast<double>(now.operations + now.losses);
        surplus = std::max({surplus, fewest_for_room, static_cast<std::uint64_t>(rows * part)});
    }
    surplus = std::min(surplus, most);
    if (surplus == 0) {
        return std::nullopt;
    }
    try {
        if (!too_large) {
            Statement last(*database_,
                           "SELECT max(start_time) FROM (SELECT start_time FROM operation WHERE outcome <> 0 ORDER BY "
                           "start_time LIMIT ?)",
                           Statement::Life::once);
            last.bind(1, static_cast<std::int64_t>(surplus));
            return last.step() && !last.is_null(0) ? std::optional(last.integer(0) + 1) : std::nullopt;
        }
        // What rules dropped takes room too, and goes with what is as old.
        Statement last(
            *database_,
            "SELECT max(time) FROM (SELECT start_time AS time FROM operation WHERE outcome <> 0 UNION ALL SELECT "
            "recorded_time FROM dropped ORDER BY 1 LIMIT ?)",
            Statement::Life::once);
        last.bind(1, static_cast<std::int64_t>(surplus));
        return last.step() && !last.is_null(0) ? std::optional(last.integer(0) + 1) : std::nullopt;
    } catch (const SqliteError& error) {
        failed(error);
    }
}

std::uint64_t SqliteStore::give_back(std::uint64_t bytes) {
    (void)writer();
    try {
        constexpr std::int64_t incremental = 2;
        if (database_->integer("PRAGMA auto_vacuum") != incremental) {
            return 0;
        }
        const auto page = static_cast<std::uint64_t>(database_->integer("PRAGMA page_size"));
        if (const std::uint64_t pages = bytes / page; pages != 0) { // 0 would be all of them
            database_->execute(("PRAGMA incremental_vacuum(" + std::to_string(pages) + ")").c_str());
        }
        return static_cast<std::uint64_t>(database_->integer("PRAGMA freelist_count")) * page;
    } catch (const SqliteError& error) {
        failed(error);
    }
}

Reached SqliteStore::find(const Query& query, const std::function<bool(const Operation&)>& row,
                          const std::function<bool()>& go_on) {
    try {
        return Finder(*database_, query, go_on).run(row);
    } catch (const SqliteError& error) {
        failed(error);
    }
}

std::vector<std::string> SqliteStore::take_tampering() {
    return writer().seals.take_tampering();
}

StoreCounts SqliteStore::counts() {
    try {
        StoreCounts counts = read_counts(*database_);
        counts.duplicates = duplicates_;
        const auto page = static_cast<std::uint64_t>(database_->integer("PRAGMA page_size"));
        counts.bytes = page * static_cast<std::uint64_t>(database_->integer("PRAGMA page_count"));
        counts.free_bytes = page * static_cast<std::uint64_t>(database_->integer("PRAGMA freelist_count"));
        return counts;
    } catch (const SqliteError& error) {
        failed(error);
    }
}

ChainHead SqliteStore::head() {
    try {
        return read_head(*database_);
    } catch (const SqliteError& error) {
        failed(error);
    }
}

} // namespace maptrail
