#include "service/store/chain_walk.hpp"

#include "service/store/id_list.hpp"
#include "service/store/row_digest.hpp"
#include "service/store/schema.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace maptrail {
namespace {

constexpr std::int64_t stretch_length = 8'192;
constexpr std::size_t longest_note = 16U << 10U; ///< more than the longest that is written

/// The thread that reads is as busy as two of these.
unsigned hash_threads() {
    return std::clamp(std::thread::hardware_concurrency() / 2, 1U, 4U);
}

} // namespace

ChainWalk::ChainWalk(Database& database, const std::optional<ChainHead>& kept_head, const Progress& progress)
    : kept_head_(kept_head), progress_(progress), database_(database),
      last_(database, "SELECT number, hash FROM seal WHERE number <= ? ORDER BY number DESC LIMIT 1"),
      entries_(database, "SELECT number, operation, time, content, hash, note FROM seal WHERE number >= ? AND "
                         "number <= ? ORDER BY number"),
      record_(database, "SELECT " + std::string(sealed_columns) + " FROM operation WHERE id = ?"),
      ids_(database, "SELECT id FROM operation"), hashes_(hash_threads()) {
    result_.head = read_head(database);
}

Verification ChainWalk::run() {
    walk_entries();
    look_at_beginning();
    look_for_unsealed();
    for (std::string& name : foreign_parts(database_, migrations())) {
        hashes_.findings().add({Misfit::schema_changed, 0, 0, 0, std::move(name)});
    }
    Findings& findings = hashes_.finish();
    result_.misfits = findings.count();
    result_.findings = findings.take();
    if (kept_head_ && !result_.kept_head) {
        const bool is_cut = result_.stump.has_value() && kept_head_->number < result_.stump->last.number;
        const HeadFate fate = kept_head_->number != 0 ? HeadFate::cut_away : HeadFate::unknown;
        result_.kept_head = is_cut ? fate : HeadFate::missing;
    }
    return std::move(result_);
}

void ChainWalk::add(Misfit misfit, const ChainEntry& entry) {
    hashes_.findings().add({misfit, entry.number, entry.operation, entry.time, {}});
}

void ChainWalk::walk_entries() {
    const auto first = static_cast<std::uint64_t>(database_.integer("SELECT min(number) FROM seal"));
    const std::uint64_t total = result_.head.number - first + 1;
    auto last = last_up_to(std::numeric_limits<std::int64_t>::max());
    while (last) {
        last = walk_stretch(static_cast<std::int64_t>(last->number));
        result_.entries += stretch_.size();
        if (progress_) {
            progress_(result_.entries, std::max(total, result_.entries));
        }
    }
}

/// Up to that entry, which is there. Returns the one before the stretch. What is latest is known from the end on; rows
/// are read in the order in which they lie in the file: backwards, each page would be a read of its own from the disk.
std::optional<ChainHead> ChainWalk::walk_stretch(std::int64_t last) {
    read_stretch(last);
    const auto first = static_cast<std::int64_t>(stretch_.front().stored.entry.number);
    const auto earlier =
        first > std::numeric_limits<std::int64_t>::min() ? last_up_to(first - 1) : std::optional<ChainHead>();
    if (result_.entries == 0) {
        result_.head_time = stretch_.back().stored.entry.time;
    }
    for (auto read = stretch_.rbegin(); read != stretch_.rend(); ++read) {
        look_at(*read);
    }
    // At the first entry all were looked at.
    ChainHead previous = earlier ? *earlier : beginning_ ? beginning_->after : ChainHead{};
    for (Read& read : stretch_) {
        StoredEntry& stored = read.stored;
        if (stored.entry.number - previous.number == 1) {
            stored.previous = previous.hash;
        } else {
            add(Misfit::chain_broken, stored.entry);
        }
        previous = {stored.entry.number, stored.hash};
        read_content(read);
        hashes_.add(stored);
    }
    return earlier;
}

void ChainWalk::compare_with_kept(const ChainHead& head) {
    if (kept_head_ && head.hash == kept_head_->hash && (kept_head_->number == 0 || head.number == kept_head_->number)) {
        result_.kept_head = HeadFate::found;
        result_.kept_head_number = head.number;
    }
}

std::optional<ChainHead> ChainWalk::last_up_to(std::int64_t number) {
    const ResetGuard guard(last_);
    last_.bind(1, number);
    return last_.step() ? std::optional(ChainHead{last_.bits(0), hash_in(last_, 1)}) : std::nullopt;
}

void ChainWalk::read_stretch(std::int64_t last) {
    const ResetGuard guard(entries_);
    constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
    entries_.bind(1, last < lowest + stretch_length ? lowest : last - stretch_length + 1);
    entries_.bind(2, last);
    stretch_.clear();
    while (entries_.step()) {
        Read& read = stretch_.emplace_back();
        read.stored.entry = {entries_.bits(0), entries_.integer(1), entries_.integer(2), hash_in(entries_, 3)};
        read.stored.hash = hash_in(entries_, 4);
        if (const std::string_view text = entries_.text(5);
            read.stored.entry.operation <= 0 && text.size() <= longest_note) {
            read.note = text;
        }
    }
}

/// To be called from the last entry to the first.
void ChainWalk::look_at(Read& read) {
    const ChainEntry& entry = read.stored.entry;
    compare_with_kept({entry.number, read.stored.hash});
    if (entry.operation <= 0) {
        look_at_note(read);
    } else { // unless a later entry supersedes this one
        read.is_latest = !removed_.contains(entry.operation) && sealed_.add(entry.operation);
        if (is_past_kept_head()) {
            (void)later_.add(entry.operation);
        } else if (later_.contains(entry.operation) && counted_.add(entry.operation)) {
            ++(removed_.contains(entry.operation) ? result_.removed_since : result_.changed_since);
        }
    }
}

void ChainWalk::look_at_note(Read& read) {
    const ChainEntry& entry = read.stored.entry;
    read.is_latest = true;
    if (entry.operation == note::beginning) {
        const auto beginning = beginning_of_text(read.note);
        if (!beginning) {
            add(Misfit::entry_unreadable, entry);
        } else if (!beginning_) { // a later one supersedes it
            beginning_ = beginning;
            beginning_time_ = entry.time;
            beginning_number_ = entry.number;
        }
        return;
    }
    if (entry.operation == note::incident) {
        look_at_incident(read);
        return;
    }
    const auto ids = ids_of_list(read.note);
    if (!ids || (entry.operation != note::removals && entry.operation != note::alterations)) {
        add(Misfit::entry_unreadable, entry);
    } else {
        look_at_ids(read, *ids);
    }
}

void ChainWalk::look_at_ids(const Read& read, const std::vector<std::int64_t>& ids) {
    const ChainEntry& entry = read.stored.entry;
    for (const std::int64_t id : ids) {
        ChainEntry of_operation = entry;
        of_operation.operation = id;
        if (entry.operation == note::alterations) {
            add(Misfit::altered_earlier, of_operation);
        } else if (sealed_.contains(id)) {
            add(Misfit::id_reused, of_operation);
        } else {
            (void)removed_.add(id);
            ++result_.removed;
            if (is_past_kept_head()) {
                (void)later_.add(id);
            }
        }
    }
}

void ChainWalk::look_at_incident(const Read& read) {
    const ChainEntry& entry = read.stored.entry;
    const nlohmann::json text = nlohmann::json::parse(read.note, nullptr, false);
    if (text.is_string()) {
        hashes_.findings().add({Misfit::incident, entry.number, entry.operation, entry.time, text.get<std::string>()});
    } else {
        add(Misfit::entry_unreadable, entry);
    }
}

void ChainWalk::look_at_beginning() {
    if (!beginning_) {
        hashes_.findings().add({Misfit::beginning_untold, 0, 0, 0, {}});
    } else if (beginning_->after.number != 0) {
        result_.stump = ChainStump{beginning_->after, beginning_time_};
        compare_with_kept(beginning_->after);
        if (result_.kept_head && beginning_number_ > result_.kept_head_number) {
            result_.cut_since = beginning_->after.number;
        }
    }
}

void ChainWalk::read_content(Read& read) {
    if (!read.is_latest) {
        return;
    }
    std::string& content = hashes_.content();
    const std::size_t before = content.size();
    if (read.stored.entry.operation <= 0) {
        content += read.note;
    } else {
        const ResetGuard guard(record_);
        record_.bind(1, read.stored.entry.operation);
        if (!record_.step()) {
            add(Misfit::record_missing, read.stored.entry);
            return;
        }
        append_sealed_row(record_, content);
        ++result_.records;
    }
    read.stored.has_content = true;
    read.stored.content_size = content.size() - before;
}

/// Records that no entry tells of.
void ChainWalk::look_for_unsealed() {
    const std::int64_t unproved_up_to = beginning_ ? beginning_->unproved_up_to : 0;
    while (ids_.step()) {
        const std::int64_t id = ids_.integer(0);
        if (removed_.contains(id)) {
            hashes_.findings().add({Misfit::record_put_back, 0, id, 0, {}});
        } else if (sealed_.contains(id)) {
            continue;
        } else if (id > 0 && id <= unproved_up_to) {
            result_.first_unproved = result_.unproved++ == 0 ? id : std::min(result_.first_unproved, id);
        } else {
            hashes_.findings().add({Misfit::never_sealed, 0, id, 0, {}});
        }
    }
}

} // namespace maptrail
