#include "service/drain/shrinker.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <utility>

namespace maptrail {

namespace {

/// So many at once that a step never holds up a batch for long: the more, the fewer pages are written twice.
constexpr std::uint64_t fewest_forgotten_at_once = 500;
constexpr std::uint64_t most_forgotten_at_once = 8'000;
constexpr std::chrono::milliseconds short_step{100};
constexpr std::chrono::milliseconds long_step{200};
constexpr std::uint64_t least_given_back_at_once = 256U << 10U;
constexpr std::uint64_t most_given_back_at_once = 4U << 20U;
/// Stays free in the database: what retention frees in an hour is soon used again.
constexpr std::uint64_t kept_free = 4U << 20U;
/// More than that is given back before more is forgotten: for each page that SQLite gives back it may look through its
/// whole list of free ones. With gigabytes in it that took many times as long, see docs/benchmarks.md.
constexpr std::uint64_t most_free = 16U << 20U;

} // namespace

Shrinker::Shrinker(Store& store, Clock clock)
    : store_(store), clock_(std::move(clock)), forgotten_at_once_(fewest_forgotten_at_once),
      given_back_at_once_(most_given_back_at_once) {}

Shrinker::Step Shrinker::step(const Retention& keep, bool all_room) {
    if (const std::uint64_t free = store_.counts().free_bytes; free > most_free && give_back(free - most_free) != 0) {
        return {0, true};
    }
    const std::uint64_t forgotten = forget(keep);
    // What comes meanwhile waits for the next time, else a history at its limit would never be done.
    if (step_was_full_ || (forgotten != 0 && keep.bytes != 0 && store_.surplus_before({.bytes = keep.bytes}, 1))) {
        return {forgotten, true};
    }
    const std::uint64_t kept = all_room ? 0 : kept_free;
    const std::uint64_t free = store_.counts().free_bytes;
    return {forgotten, free > kept && give_back(free - kept) > kept};
}

std::uint64_t Shrinker::forget(const Retention& keep) {
    step_was_full_ = false;
    std::optional<std::int64_t> before = store_.surplus_before(keep, forgotten_at_once_);
    if (keep.age.count() > 0) {
        before = std::max(before.value_or(std::numeric_limits<std::int64_t>::min()), clock_() - keep.age.count());
    }
    if (!before) {
        return 0;
    }
    const auto begin = std::chrono::steady_clock::now();
    const std::uint64_t forgotten = store_.forget_before(*before, forgotten_at_once_);
    const auto took = std::chrono::steady_clock::now() - begin;
    step_was_full_ = forgotten >= forgotten_at_once_;
    if (took > long_step) {
        forgotten_at_once_ = std::max(forgotten_at_once_ / 2, fewest_forgotten_at_once);
    } else if (took < short_step && step_was_full_) {
        forgotten_at_once_ = std::min(forgotten_at_once_ * 2, most_forgotten_at_once);
    }
    return forgotten;
}

std::uint64_t Shrinker::give_back(std::uint64_t bytes) {
    const auto begin = std::chrono::steady_clock::now();
    const std::uint64_t left = store_.give_back(std::min(bytes, given_back_at_once_));
    if (const auto took = std::chrono::steady_clock::now() - begin; took > long_step) {
        given_back_at_once_ = std::max(given_back_at_once_ / 2, least_given_back_at_once);
    } else if (took < short_step && bytes >= given_back_at_once_) {
        given_back_at_once_ = std::min(given_back_at_once_ * 2, most_given_back_at_once);
    }
    return left;
}

} // namespace maptrail
