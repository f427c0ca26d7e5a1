#include "service/store/seal_table.hpp"

#include "service/store/database.hpp"
#include "service/store/id_list.hpp"
#include "service/store/row_digest.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>

namespace maptrail {
namespace {

/// From the future, of a clock that was ahead: so many are passed over for what is behind them.
constexpr std::size_t most_passed_over = 200'000;
constexpr std::size_t most_tampering = 100; ///< sentences that are kept to be told; the chain has all
constexpr std::size_t most_carried = 100;   ///< different incidents that outlive the entries that told of them
constexpr std::size_t longest_carried = 4'096;

void sort_once(std::vector<std::int64_t>& ids) {
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

} // namespace

SealTable::SealTable(Database& database)
    : database_(database), chain_(database),
      row_(database, "SELECT " + std::string(sealed_columns) + " FROM operation WHERE id = ?"),
      latest_(database, "SELECT number, content FROM seal WHERE operation = ? ORDER BY number DESC LIMIT 1"),
      front_(database, "SELECT number, operation, time, content, hash, note FROM seal ORDER BY number"),
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
        // MapTrail gives no ids below 1: a record with such a one has no place in the chain, which verify says.
        if (change.kind != SQLITE_DELETE && change.new_id > 0) {
            changed_.push_back(change.new_id);
        }
        if (change.kind == SQLITE_INSERT) {
            first_inserted_ = std::min(first_inserted_, change.new_id);
        } else if (change.old_id > 0) {
            keep_old(change.old_id);
            if (change.kind == SQLITE_DELETE || change.old_id != change.new_id) {
                removed_.push_back(change.old_id);
            }
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
    found_.clear();
    carried_.clear();
    if (!chain_.begin()) {
        found_.emplace_back("entries of the chain were added or taken away while MapTrail ran");
    }
    if (!std::exchange(looked_for_beginning_, true)) {
        beginning_ = read_beginning(database_);
        if (!beginning_) {
            found_.emplace_back("the entry that tells where the chain begins was taken away");
        }
    }
}

void SealTable::committed() {
    chain_.committed();
    incidents_.clear();
    const std::size_t room = most_tampering - std::min(most_tampering, tampering_.size());
    found_.resize(std::min(found_.size(), room));
    std::ranges::move(found_, std::back_inserter(tampering_));
    found_.clear();
}

void SealTable::rolled_back() {
    chain_.rolled_back();
    beginning_.reset();
    looked_for_beginning_ = false;
}

void SealTable::forget() {
    rolled_back();
    chain_.forget();
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
    return latest_.step() ? hash_in(latest_, 1) == row : beginning_ && id <= beginning_->unproved_up_to;
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
    found_.insert(found_.end(), incidents_.begin(), incidents_.end());
    for (const std::string& incident : found_) {
        chain_.append_note(note::incident, time, nlohmann::json(incident).dump());
    }
    for (const std::string& text : carried_) {
        chain_.append_note(note::incident, time, text);
    }
    sort_once(found_altered_);
    append_ids(note::alterations, time, found_altered_);
    if (!found_altered_.empty()) {
        const std::string others = std::to_string(found_altered_.size() - 1);
        found_.push_back("operation " + std::to_string(found_altered_.front()) +
                         (others == "0" ? "" : " and " + others + " more") + " had been changed");
    }
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
}

/// If the operation is there, and that entry is its latest.
void SealTable::seal_anew(std::uint64_t number, std::int64_t operation) {
    Sha256 row{};
    if (!digest_row(operation, row)) { // most have been removed
        return;
    }
    const ResetGuard guard(latest_);
    latest_.bind(1, operation);
    if (!latest_.step() || latest_.bits(0) != number) {
        return;
    }
    if (row != hash_in(latest_, 1)) {
        found_altered_.push_back(operation);
    }
    old_[operation].reset();
    changed_.push_back(operation);
}

/// What is missing was removed in order, or would have been by now: nothing is cut off before its time, so that a row
/// which somebody deleted is missed for as long as it should have been there. An entry from the future, of a clock that
/// was ahead, goes with those around it. So does what does not fit, which is told: else the chain would grow for ever.
void SealTable::cut_before(std::int64_t time, std::int64_t now, std::size_t most) {
    compare_old(); // with entries that may be cut off
    const bool untold = !beginning_;
    bool first = true;
    std::size_t from_future = 0;
    std::vector<std::pair<ChainHead, std::int64_t>> front; ///< with its operation
    std::vector<std::size_t> misfits;                      ///< which of them
    std::vector<std::pair<std::size_t, std::string>> incidents;
    std::size_t to_cut = 0;
    {
        const ResetGuard guard(front_);
        ChainHead last = untold ? ChainHead{} : beginning_->after;
        while (front.size() - from_future < most && from_future < most_passed_over && front_.step()) {
            const ChainEntry entry{front_.bits(0), front_.integer(1), front_.integer(2), hash_in(front_, 3)};
            const ChainHead next{entry.number, hash_in(front_, 4)};
            if (entry.time >= time && entry.time <= now) {
                break;
            }
            // Where the chain began is told as missing already.
            bool fits = (first && untold) ||
                        (entry.number == last.number + 1 && link_hash(hasher_, entry, last.hash) == next.hash);
            if (entry.operation == note::incident) {
                const std::string_view text = front_.text(5);
                if (hasher_(text) != entry.content) {
                    fits = false;
                } else if (text.size() <= longest_carried) {
                    incidents.emplace_back(front.size(), text);
                }
            }
            if (!fits) {
                misfits.push_back(front.size());
            }
            first = false;
            from_future += entry.time > now ? 1 : 0;
            front.emplace_back(next, entry.operation);
            to_cut = entry.time < time ? front.size() : to_cut;
            last = next;
        }
    }
    front.resize(to_cut);
    // These alone would only be told anew.
    if (std::ranges::all_of(front, [](const auto& entry) {
            return entry.second == note::beginning || entry.second == note::incident;
        })) {
        return;
    }
    std::erase_if(misfits, [to_cut](std::size_t which) { return which >= to_cut; });
    if (!misfits.empty()) {
        found_.push_back("entry " + std::to_string(front[misfits.front()].first.number) + " of the chain" +
                         (misfits.size() == 1 ? "" : " and " + std::to_string(misfits.size() - 1) + " more") +
                         " did not fit, and retention has cut it off");
    }
    for (auto& [which, text] : incidents) {
        if (which < to_cut && carried_.size() < most_carried) {
            carried_.insert(std::move(text));
        }
    }
    for (const auto& [entry, operation] : front) {
        if (operation > 0) {
            seal_anew(entry.number, operation);
        }
    }
    if (untold) {
        beginning_.emplace();
    }
    beginning_->after = front.back().first;
    tell_beginning_ = true;
    cut_.bind_bits(1, beginning_->after.number);
    cut_.run();
}

} // namespace maptrail
