#include "service/inbox/inbox.hpp"

#include "service/inbox/inbox_file.hpp"
#include "service/inbox/owner_lock.hpp"
#include "service/inbox/quarantine.hpp"
#include "service/inbox/recovery.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace maptrail {

using namespace inbox;

std::span<const std::byte> InboxRecords::operator[](std::size_t index) const {
    const Extent& extent = extents_.at(index);
    return std::span(bytes_).subspan(extent.offset, extent.size);
}

void InboxRecords::clear() {
    bytes_.clear();
    extents_.clear();
}

std::span<std::byte> InboxRecords::add(std::size_t size) {
    const std::size_t offset = bytes_.size();
    bytes_.resize(offset + ((size + 7) & ~std::size_t{7}));
    extents_.push_back({offset, size});
    return std::span(bytes_).subspan(offset, size);
}

struct Inbox::State {
    OwnerLock owner;
    Quarantine quarantine;
    InboxFile file;
    Ring ring;

    std::mutex reader; ///< taken before `mutex`; guards `ends` and the quarantine
    std::vector<std::uint64_t> ends;

    mutable std::mutex mutex; ///< guards all that follows, and the free part of the ring
    std::condition_variable changed;
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    std::uint64_t flushed_tail = 0;
    std::uint64_t flushed_head = 0;
    bool woken = false;
    InboxCounts counts;

    State(OwnerLock lock, Quarantine aside, InboxFile opened)
        : owner(std::move(lock)), quarantine(std::move(aside)), file(std::move(opened)), ring(file.ring()) {}

    /// Keeps the damaged bytes and covers them, so that they are met only once.
    void set_aside(const Gap& gap) {
        const bool kept = quarantine.keep(ring, gap);
        if (gap.end - gap.begin >= sizeof(RecordHeader)) {
            ring.write_filler(gap.begin, gap.end, head);
        }
        const std::lock_guard lock(mutex);
        ++counts.damaged;
        counts.not_kept += kept ? 0 : 1;
    }

    void move_head(std::uint64_t to, std::uint64_t records) {
        const std::lock_guard lock(mutex);
        file.store_head(to);
        head = to;
        counts.waiting -= std::min(counts.waiting, records);
    }
};

Inbox::Inbox(std::unique_ptr<State> state) : state_(std::move(state)) {}
Inbox::~Inbox() = default;

std::unique_ptr<Inbox> Inbox::open(const std::filesystem::path& file, std::uint64_t size) {
    if (size < min_file_size || size > max_file_size) {
        throw InboxError("an inbox of " + std::to_string(size) + " bytes cannot be");
    }
    OwnerLock owner(beside(file, ".lock"));
    Quarantine quarantine(file);
    std::optional<InboxFile> opened;
    InboxCounts counts;
    std::error_code error;
    const bool exists = std::filesystem::exists(file, error);
    if (error) {
        throw InboxError("cannot look at " + name_of(file) + ": " + error.message());
    }
    if (exists && std::filesystem::file_size(file, error) > 0) {
        opened = InboxFile::open(file);
        if (!opened) {
            ++counts.damaged;
            counts.not_kept += quarantine.keep_file() ? 0 : 1;
        }
    }
    Recovered found;
    if (opened) {
        found = recover(opened->ring(), opened->head(), opened->tail());
        const bool wrong_size = opened->data_size() != size / page_size * page_size - 2 * page_size;
        counts.rebuilt = found.rebuilt;
        if (found.lost) { // neither its header nor any record can be read
            opened.reset();
            ++counts.damaged;
            counts.not_kept += quarantine.keep_file() ? 0 : 1;
            found = {};
        } else if (wrong_size && found.head == found.tail) {
            opened.reset();
            found = {};
        }
    }
    if (!opened) {
        opened = InboxFile::create(file, size);
    }
    auto state = std::make_unique<State>(std::move(owner), std::move(quarantine), std::move(*opened));
    state->head = found.head;
    state->tail = found.tail;
    state->counts = counts;
    state->counts.capacity = state->ring.size();
    state->counts.recovered = found.records;
    state->counts.waiting = found.records;
    for (const Gap& gap : found.gaps) {
        state->set_aside(gap);
    }
    state->file.store_head(found.head);
    state->file.store_tail(found.tail);
    state->flushed_head = found.head;
    state->flushed_tail = found.tail;
    if (!state->file.flush()) {
        throw InboxError("cannot write " + name_of(file));
    }
    return std::unique_ptr<Inbox>(new Inbox(std::move(state)));
}

bool Inbox::append(std::span<const std::byte> first, std::span<const std::byte> second) {
    State& state = *state_;
    const std::uint64_t payload = first.size() + second.size();
    const std::uint64_t need = record_size(payload);
    const std::uint32_t crc = state.ring.payload_crc(first, second); // the long part of the work, before the lock
    {
        const std::lock_guard lock(state.mutex);
        if (payload > max_payload_size || state.ring.size() - (state.tail - state.head) < need) {
            ++state.counts.refused;
            return false;
        }
        state.ring.write_data(state.tail, state.head, first, second, crc);
        state.tail += need;
        state.file.store_tail(state.tail);
        ++state.counts.appended;
        ++state.counts.waiting;
    }
    state.changed.notify_one();
    return true;
}

std::size_t Inbox::read(std::size_t max_records, std::size_t max_bytes, InboxRecords& out) {
    State& state = *state_;
    const std::lock_guard reading(state.reader);
    out.clear();
    state.ends.clear();
    std::uint64_t position = 0;
    std::uint64_t tail = 0;
    {
        const std::lock_guard lock(state.mutex);
        position = state.head;
        tail = state.tail;
    }
    // Nobody writes between head and tail but this thread, so the copying needs no lock.
    std::size_t bytes = 0;
    while (position < tail && out.size() < max_records) {
        const auto record = state.ring.record_at(position, tail);
        const std::uint64_t end =
            record ? position + record_size(record->size) : state.ring.next_record(position, tail);
        if (record && record->kind == static_cast<std::uint32_t>(RecordKind::data)) {
            if (!out.empty() && bytes + record->size > max_bytes) {
                break;
            }
            bytes += record->size;
            state.ring.copy_out(position + sizeof(RecordHeader), out.add(record->size));
            state.ends.push_back(end);
        } else {
            if (!record) {
                state.set_aside({position, end});
            }
            if (out.empty()) {
                state.move_head(end, 0);
            }
        }
        position = end;
    }
    return out.size();
}

bool Inbox::keep_aside(std::size_t index, std::span<const std::byte> record) {
    State& state = *state_;
    const std::lock_guard reading(state.reader);
    return state.quarantine.keep(state.ends.at(index) - record_size(record.size()), record, state.ring.size());
}

void Inbox::release(std::size_t count) {
    State& state = *state_;
    const std::lock_guard reading(state.reader);
    if (count > state.ends.size()) {
        throw std::logic_error("more records released than read");
    }
    if (count > 0) {
        state.move_head(state.ends[count - 1], count);
        state.ends.erase(state.ends.begin(), state.ends.begin() + static_cast<std::ptrdiff_t>(count));
    }
}

bool Inbox::wait(std::chrono::milliseconds timeout) {
    State& state = *state_;
    std::unique_lock lock(state.mutex);
    state.changed.wait_for(lock, timeout, [&] { return state.woken || state.head != state.tail; });
    state.woken = false;
    return state.head != state.tail;
}

void Inbox::wake() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->woken = true;
    }
    state_->changed.notify_all();
}

bool Inbox::flush() {
    State& state = *state_;
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    {
        const std::lock_guard lock(state.mutex);
        if (state.flushed_tail == state.tail && state.flushed_head == state.head) {
            return true;
        }
        head = state.head;
        tail = state.tail;
    }
    if (!state.file.flush()) {
        return false;
    }
    const std::lock_guard lock(state.mutex);
    state.flushed_head = std::max(state.flushed_head, head);
    state.flushed_tail = std::max(state.flushed_tail, tail);
    return true;
}

InboxCounts Inbox::counts() const {
    const std::lock_guard lock(state_->mutex);
    InboxCounts counts = state_->counts;
    counts.used = state_->tail - state_->head;
    return counts;
}

} // namespace maptrail
