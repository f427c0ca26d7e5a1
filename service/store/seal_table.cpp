#include "service/store/seal_table.hpp"

#include "service/store/database.hpp"
#include "service/store/row_digest.hpp"

#include <algorithm>
#include <new>
#include <nlohmann/json.hpp>

namespace maptrail {
namespace {

constexpr std::size_t removed_at_once = 500;
constexpr std::int64_t cut_at_once = 2'000; ///< what 500 operations that are forgotten leave, and more

void sort_once(std::vector<std::int64_t>& ids) {
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

} // namespace

SealTable::SealTable(Database& database)
    : database_(database), row_(database, "SELECT " + std::string(sealed_columns) + " FROM operation WHERE id = ?"),
      exists_(database, "SELECT 1 FROM operation WHERE id = ?"),
      add_(database, "INSERT INTO seal (number, operation, time, content, hash, removed) VALUES (?, ?, ?, ?, ?, ?)"),
      front_(database, "SELECT number, operation, time, hash FROM seal ORDER BY number LIMIT ?"),
      cut_(database, "DELETE FROM seal WHERE number <= ?") {
    sqlite3_update_hook(
        database.handle(),
        [](void* self, int change, const char*, const char* table, sqlite3_int64 id) {
            static_cast<SealTable*>(self)->noticed(change, table, id);
        },
        this);
}

SealTable::~SealTable() {
    sqlite3_update_hook(database_.handle(), nullptr, nullptr);
}

void SealTable::noticed(int change, std::string_view table, std::int64_t id) noexcept {
    if (table != "operation") {
        return;
    }
    try {
        if (change == SQLITE_INSERT) {
            first_inserted_ = std::min(first_inserted_, id);
        }
        (change == SQLITE_DELETE ? removed_ : changed_).push_back(id);
    } catch (const std::bad_alloc&) {
        missed_ = true; // nothing may be thrown through SQLite
    }
}

void SealTable::begin() {
    changed_.clear();
    removed_.clear();
    first_inserted_ = std::numeric_limits<std::int64_t>::max();
    missed_ = false;
}

void SealTable::append(std::int64_t operation, std::int64_t time, std::string_view content, std::string_view removed) {
    if (!head_) {
        head_ = read_head(database_);
    }
    const ChainEntry entry{head_->number + 1, operation, time, hasher_(content)};
    const ChainHead next{entry.number, link_hash(hasher_, entry, head_->hash)};
    add_.bind_bits(1, entry.number);
    add_.bind(2, operation);
    add_.bind(3, time);
    add_.bind(4, std::span<const std::uint8_t>(entry.content));
    add_.bind(5, std::span<const std::uint8_t>(next.hash));
    if (removed.empty()) {
        add_.bind_null(6);
    } else {
        add_.bind(6, removed);
    }
    add_.run();
    head_ = next;
}

void SealTable::append_removed(std::span<const std::int64_t> ids, std::int64_t time) {
    const std::string text = nlohmann::json(std::vector(ids.begin(), ids.end())).dump();
    append(0, time, text, text);
}

void SealTable::seal(std::int64_t time) {
    if (missed_) {
        throw StoreError("there was no memory to seal what changed");
    }
    sort_once(changed_);
    sort_once(removed_);
    for (const std::int64_t id : changed_) {
        const ResetGuard guard(row_);
        row_.bind(1, id);
        if (row_.step()) { // else it was removed after it changed
            bytes_.clear();
            append_sealed_row(row_, bytes_);
            append(id, time, bytes_, {});
        }
    }
    // What came and went within the transaction was never there.
    removed_.erase(std::ranges::lower_bound(removed_, first_inserted_), removed_.end());
    for (std::span<const std::int64_t> left(removed_); !left.empty();) {
        const auto some = left.first(std::min(left.size(), removed_at_once));
        append_removed(some, time);
        left = left.subspan(some.size());
    }
}

bool SealTable::exists(std::int64_t operation) {
    const ResetGuard guard(exists_);
    exists_.bind(1, operation);
    return exists_.step();
}

/// What is missing was removed in order, or would have been by now: nothing is cut off before its time, so that a row
/// which somebody deleted is missed for as long as it should have been there. An entry from the future tells nothing.
void SealTable::cut_before(std::int64_t time, std::int64_t now) {
    ChainStump stump{{}, now};
    {
        const ResetGuard guard(front_);
        front_.bind(1, cut_at_once);
        while (front_.step()) {
            const std::int64_t made = front_.integer(2);
            const std::int64_t operation = front_.integer(1);
            if ((made >= time && made <= now) || (operation != 0 && exists(operation))) {
                break;
            }
            stump.last = {front_.bits(0), hash_in(front_, 3)};
        }
    }
    if (stump.last.number == 0) {
        return;
    }
    if (!head_) {
        head_ = read_head(database_); // of an empty chain it would be the stump that is yet to be written
    }
    cut_.bind_bits(1, stump.last.number);
    cut_.run();
    write_stump(database_, stump);
}

} // namespace maptrail
