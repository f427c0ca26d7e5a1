#include "service/rules/zone_table.hpp"

#include <algorithm>

namespace maptrail::rules {

namespace {

constexpr std::int64_t day = 86'400;
constexpr std::int64_t days = 400;

} // namespace

ZoneTable::ZoneTable(const std::function<std::int64_t(std::int64_t)>& offset, std::int64_t now) {
    // Whole days, so that tables of the same zone are equal all day long.
    const std::int64_t begin = now - now % day - days * day;
    std::int64_t before = first_offset_ = offset(begin);
    for (std::int64_t from = begin; from < begin + 2 * days * day; from += day) {
        const std::int64_t after = offset(from + day);
        if (after == before) {
            continue;
        }
        // The change lies in (low, high].
        std::int64_t low = from;
        std::int64_t high = from + day;
        while (high - low > 1) {
            const std::int64_t middle = low + (high - low) / 2;
            (offset(middle) == before ? low : high) = middle;
        }
        changes_.push_back({high, after});
        before = after;
    }
}

std::int64_t ZoneTable::offset_at(std::int64_t utc_seconds) const noexcept {
    const auto next = std::ranges::upper_bound(changes_, utc_seconds, {}, &Change::from);
    return next == changes_.begin() ? first_offset_ : std::prev(next)->offset;
}

} // namespace maptrail::rules
