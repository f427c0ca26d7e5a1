#include "service/drain/shrinker.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace maptrail {

namespace {

constexpr std::uint64_t mib = 1U << 20U;

/// The more at once, the fewer pages are written twice.
constexpr std::uint64_t fewest_forgotten_at_once = 500;
constexpr std::uint64_t most_forgotten_at_once = 8'000;
constexpr std::uint64_t least_given_back_at_once = mib / 4;
constexpr std::uint64_t most_given_back_at_once = 4 * mib;
/// Stays free in the database: what retention frees in an hour is soon used again.
constexpr std::uint64_t kept_free = 4 * mib;
/// If more than that is free, room is given back down to the second before more is forgotten: for each page that SQLite
/// gives back it may look through its whole list of free ones. With gigabytes in it that took many times as long, see
/// docs/benchmarks.md.
constexpr std::uint64_t most_free = 16 * mib;
constexpr std::uint64_t few_free = 12 * mib;

} // namespace

Shrinker::Shrinker(Store& store, Clock clock)
    : store_(store), clock_(std::move(clock)), operations_(fewest_forgotten_at_once, most_forgotten_at_once),
      room_(least_given_back_at_once, most_given_back_at_once) {}

Shrinker::Step Shrinker::step(const Retention& keep, bool all_room) {
    const std::uint64_t free_now = store_.counts().free_bytes;
    if (free_now > most_free && !std::exchange(forgets_next_, false)) {
        // Where giving back fails or is slow, by turns: what is old goes also while the disk is full, and while a lot
        // is free that an earlier version left.
        forgets_next_ = true;
        if (give_back(free_now - few_free) != 0) {
            forgets_next_ = room_.is_least();
            return {0, true};
        }
    }
    bool full = false;
    std::uint64_t forgotten = 0;
    operations_.take([&](std::uint64_t most) {
        forgotten = forget(keep, most);
        full = forgotten >= most;
        return full;
    });
    // What comes meanwhile waits for the next time, else a history at its limit would never be done.
    if (full || (forgotten != 0 && keep.bytes != 0 && store_.surplus_before({.bytes = keep.bytes}, 1))) {
        return {forgotten, true};
    }
    const std::uint64_t kept = all_room ? 0 : kept_free;
    const std::uint64_t left = store_.counts().free_bytes;
    return {forgotten, left > kept && give_back(left - kept) > kept};
}

std::uint64_t Shrinker::forget(const Retention& keep, std::uint64_t most) {
    std::optional<std::int64_t> before = store_.surplus_before(keep, most);
    if (keep.age.count() > 0) {
        before = std::max(before.value_or(std::numeric_limits<std::int64_t>::min()), clock_() - keep.age.count());
    }
    return before ? store_.forget_before(*before, most) : 0;
}

/// How much can still be given back.
std::uint64_t Shrinker::give_back(std::uint64_t bytes) {
    std::uint64_t left = 0;
    room_.take([&](std::uint64_t most) {
        left = store_.give_back(std::min(bytes, most));
        return bytes >= most;
    });
    return left;
}

} // namespace maptrail
