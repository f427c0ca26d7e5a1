#include "service/store/seal_table.hpp"

#include "service/store/database.hpp"
#include "service/store/id_list.hpp"
#include "service/store/row_digest.hpp"

#include <algorithm>
#include <exception>
#include <span>

namespace maptrail {
namespace {

constexpr std::int64_t cut_at_once = 2'000; ///< what 500 operations that are forgotten leave, and more
constexpr std::size_t most_altered = 1'000; ///< that are kept to be told; the chain has all

void sort_once(std::vector<std::int64_t>& ids) {
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

} // namespace

SealTable::SealTable(Database& database)
    : database_(database), chain_(database),
      row_(database, "SELECT " + std::string(sealed_columns) + " FROM operation WHERE id = ?"),
      latest_(database, "SELECT number, content FROM seal WHERE operation = ? ORDER BY number DESC LIMIT 1"),
      front_(database, "SELECT number, operation, time, hash FROM seal ORDER BY number LIMIT ?"),
      cut_(database, "DELETE FROM seal WHERE number <= ?") {
    (void)sqlite3_preupdate_hook(
        database.handle(),
        [](void* self, sqlite3*, int kind, const char*, const char* table, sqlite3_int64 old_id, sqlite3_int64 new_id) {
            static_cast<SealTable*>(self)->noticed({kind, table, old_id, new_id});
        },
        this);
}

SealTable::~SealTable() {
    (void)sqlite3_preupdate_hook(database_.handle(), nullptr, nullptr);
}

void SealTable::noticed(const Change& change) noexcept {
    if (change.table != "operation") {
        return;
    }
    try {
        if (change.kind == SQLITE_INSERT) {
            first_inserted_ = std::min(first_inserted_, change.new_id);
            changed_.push_back(change.new_id);
            return;
        }
        keep_old(change.old_id);
        if (change.kind == SQLITE_UPDATE) {
            changed_.push_back(change.new_id);
        }
        if (change.kind == SQLITE_DELETE || change.old_id != change.new_id) {
            removed_.push_back(change.old_id);
        }
    } catch (const std::exception&) {
        missed_ = true; // nothing may be thrown through SQLite
    }
}

void SealTable::keep_old(std::int64_t id) {
    if (id >= first_inserted_ || old_.contains(id)) {
        return;
    }
    bytes_.clear();
    append_sealed_old_row(database_, bytes_);
    old_.emplace(id, hasher_(bytes_));
}

void SealTable::begin() {
    changed_.clear();
    removed_.clear();
    old_.clear();
    found_altered_.clear();
    first_inserted_ = std::numeric_limits<std::int64_t>::max();
    missed_ = false;
    tell_beginning_ = false;
    if (!beginning_) {
        beginning_ = read_beginning(database_).value_or(ChainBeginning{});
    }
}

void SealTable::forget_cache() {
    chain_.forget_cache();
    beginning_.reset();
}

void SealTable::append_ids(std::int64_t kind, std::int64_t time, const std::vector<std::int64_t>& ids) {
    for (std::span<const std::int64_t> left(ids); !left.empty();) {
        const auto some = left.first(std::min(left.size(), most_listed_ids));
        chain_.append_note(kind, time, id_list_text(some));
        left = left.subspan(some.size());
    }
}

bool SealTable::digest_row(std::int64_t id, Sha256& digest) {
    const ResetGuard guard(row_);
    row_.bind(1, id);
    if (!row_.step()) {
        return false;
    }
    bytes_.clear();
    append_sealed_row(row_, bytes_);
    digest = hasher_(bytes_);
    return true;
}

bool SealTable::was_sealed_so(std::int64_t id, const Sha256& row) {
    const ResetGuard guard(latest_);
    latest_.bind(1, id);
    return latest_.step() ? hash_in(latest_, 1) == row : id <= beginning_->unproved_up_to;
}

void SealTable::compare_old() {
    for (auto& [id, row] : old_) {
        if (row && !was_sealed_so(id, *row)) {
            found_altered_.push_back(id);
        }
        row.reset();
    }
}

void SealTable::seal(std::int64_t time) {
    if (missed_) {
        throw StoreError("what changed could not be sealed: there was no memory, or no hash of it");
    }
    if (tell_beginning_) {
        chain_.append_note(note::beginning, time, beginning_text(*beginning_));
    }
    compare_old();
    sort_once(found_altered_);
    append_ids(note::alterations, time, found_altered_);
    sort_once(changed_);
    sort_once(removed_);
    for (const std::int64_t id : changed_) {
        if (Sha256 row{}; digest_row(id, row)) { // else it was removed after it changed
            chain_.append(id, time, row);
        }
    }
    // What came and went within the transaction was never there.
    removed_.erase(std::ranges::lower_bound(removed_, first_inserted_), removed_.end());
    append_ids(note::removals, time, removed_);
    const std::size_t room = most_altered - std::min(most_altered, altered_.size());
    found_altered_.resize(std::min(found_altered_.size(), room));
    altered_.insert(altered_.end(), found_altered_.begin(), found_altered_.end());
}

/// If the operation is there, and that entry is its latest.
void SealTable::seal_anew(std::uint64_t number, std::int64_t operation) {
    const ResetGuard guard(latest_);
    latest_.bind(1, operation);
    if (!latest_.step() || latest_.bits(0) != number) {
        return;
    }
    if (Sha256 row{}; digest_row(operation, row)) {
        if (row != hash_in(latest_, 1)) {
            found_altered_.push_back(operation);
        }
        old_[operation].reset();
        changed_.push_back(operation);
    }
}

/// What is missing was removed in order, or would have been by now: nothing is cut off before its time, so that a row
/// which somebody deleted is missed for as long as it should have been there. An entry from the future tells nothing.
void SealTable::cut_before(std::int64_t time, std::int64_t now) {
    compare_old(); // with entries that may be cut off
    ChainHead last;
    bool is_worth_it = false; // a beginning alone would only be told anew
    {
        const ResetGuard guard(front_);
        front_.bind(1, cut_at_once);
        while (front_.step()) {
            const std::int64_t operation = front_.integer(1);
            const std::int64_t made = front_.integer(2);
            if (made >= time && made <= now) {
                break;
            }
            seal_anew(front_.bits(0), operation);
            is_worth_it = is_worth_it || operation != note::beginning;
            last = {front_.bits(0), hash_in(front_, 3)};
        }
    }
    if (!is_worth_it) {
        return;
    }
    chain_.keep_head();
    cut_.bind_bits(1, last.number);
    cut_.run();
    beginning_->after = last;
    tell_beginning_ = true;
}

} // namespace maptrail
