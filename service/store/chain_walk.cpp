#include "service/store/chain_walk.hpp"

#include "service/store/row_digest.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace maptrail {
namespace {

constexpr std::uint64_t entries_between_news = 4'096;
constexpr std::size_t longest_removed = 64U << 10U; ///< several times the longest that is written

/// The thread that reads is as busy as two of these.
unsigned hash_threads() {
    return std::clamp(std::thread::hardware_concurrency() / 2, 1U, 4U);
}

} // namespace

ChainWalk::ChainWalk(Database& database, const std::optional<ChainHead>& kept_head, const Progress& progress)
    : kept_head_(kept_head), progress_(progress),
      sealed_from_(database.integer("SELECT value FROM meta WHERE name = 'sealed_from'")),
      entries_(database, "SELECT number, operation, time, content, hash, removed FROM seal ORDER BY number DESC"),
      record_(database, "SELECT " + std::string(sealed_columns) + " FROM operation WHERE id = ?"),
      ids_(database, "SELECT id FROM operation"), hashes_(hash_threads()) {
    result_.stump = read_stump(database);
    result_.head = read_head(database);
    if (result_.stump) {
        compare_with_kept(result_.stump->last);
    }
}

Verification ChainWalk::run() {
    walk_entries();
    look_for_unsealed();
    Findings& findings = hashes_.finish();
    result_.misfits = findings.count();
    result_.findings = findings.take();
    if (kept_head_ && !result_.kept_head) {
        const bool passed = result_.stump && kept_head_->number != 0 && kept_head_->number < result_.stump->last.number;
        result_.kept_head = passed ? HeadFate::cut_away : HeadFate::missing;
    }
    return std::move(result_);
}

void ChainWalk::add(Misfit misfit, const ChainEntry& entry) {
    hashes_.findings().add({misfit, entry.number, entry.operation, entry.time});
}

/// An entry is handed over when the one before it was read.
void ChainWalk::walk_entries() {
    const std::uint64_t total = result_.head.number - (result_.stump ? result_.stump->last.number : 0);
    std::optional<StoredEntry> later;
    while (auto entry = next_entry()) {
        if (later) {
            join(*later, *entry);
            hashes_.add(*later);
        } else {
            result_.head_time = entry->entry.time;
        }
        // Its content's bytes go behind those of the one that was handed over.
        if (entry->entry.operation != 0) {
            read_record(*entry);
        } else {
            read_removals(*entry);
        }
        compare_with_kept({entry->entry.number, entry->hash});
        later = *entry;
        if (++result_.entries % entries_between_news == 0 && progress_) {
            progress_(result_.entries, std::max(total, result_.entries));
        }
    }
    if (later) {
        end_chain(*later);
        hashes_.add(*later);
    }
}

void ChainWalk::compare_with_kept(const ChainHead& head) {
    if (kept_head_ && head.hash == kept_head_->hash && (kept_head_->number == 0 || head.number == kept_head_->number)) {
        result_.kept_head = HeadFate::found;
        result_.kept_head_number = head.number;
    }
}

std::optional<StoredEntry> ChainWalk::next_entry() {
    if (!entries_.step()) {
        return std::nullopt;
    }
    StoredEntry stored;
    stored.entry = {entries_.bits(0), entries_.integer(1), entries_.integer(2), hash_in(entries_, 3)};
    stored.hash = hash_in(entries_, 4);
    return stored;
}

void ChainWalk::read_record(StoredEntry& stored) {
    const std::int64_t id = stored.entry.operation;
    if (!IdSet::takes(id)) {
        add(Misfit::entry_unreadable, stored.entry);
        return;
    }
    if (removed_.contains(id) || !sealed_.add(id)) {
        return; // a later entry supersedes this one
    }
    const ResetGuard guard(record_);
    record_.bind(1, id);
    if (!record_.step()) {
        add(Misfit::record_missing, stored.entry);
        return;
    }
    std::string& content = hashes_.content();
    const std::size_t before = content.size();
    append_sealed_row(record_, content);
    stored.has_content = true;
    stored.content_size = content.size() - before;
    ++result_.records;
}

void ChainWalk::read_removals(StoredEntry& stored) {
    const std::string_view text = entries_.text(5);
    const nlohmann::json ids =
        text.size() <= longest_removed ? nlohmann::json::parse(text, nullptr, false) : nlohmann::json();
    if (!ids.is_array() || !std::ranges::all_of(ids, [](const nlohmann::json& id) { return id.is_number_integer(); })) {
        add(Misfit::entry_unreadable, stored.entry);
        return;
    }
    for (const nlohmann::json& id : ids) {
        (void)removed_.add(id.get<std::int64_t>());
    }
    hashes_.content() += text;
    stored.has_content = true;
    stored.content_size = text.size();
}

void ChainWalk::join(StoredEntry& later, const StoredEntry& earlier) {
    if (later.entry.number - earlier.entry.number == 1) {
        later.previous = earlier.hash;
    } else {
        add(Misfit::chain_broken, later.entry);
    }
}

void ChainWalk::end_chain(StoredEntry& first) {
    const ChainHead before = result_.stump ? result_.stump->last : ChainHead{};
    if (first.entry.number - before.number == 1) {
        first.previous = before.hash;
    } else {
        add(Misfit::chain_broken, first.entry);
    }
}

/// Records that no entry tells of.
void ChainWalk::look_for_unsealed() {
    while (ids_.step()) {
        const std::int64_t id = ids_.integer(0);
        if (removed_.contains(id)) {
            hashes_.findings().add({Misfit::record_put_back, 0, id, 0});
        } else if (sealed_.contains(id)) {
            continue;
        } else if (id <= sealed_from_) {
            result_.first_unproved = result_.unproved++ == 0 ? id : std::min(result_.first_unproved, id);
        } else {
            hashes_.findings().add({Misfit::never_sealed, 0, id, 0});
        }
    }
}

} // namespace maptrail
