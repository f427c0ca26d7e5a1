// Local time as a table, so that judging asks nobody for it.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace maptrail::rules {

/// Immutable: any number of threads.
class ZoneTable {
public:
    /// UTC.
    ZoneTable() = default;

    /// `offset` says how far local time is ahead of UTC at a moment, both in seconds. Right for a year and more around
    /// `now`, in which it is asked some 800 times; what is farther away has the offset of the nearest end.
    ZoneTable(const std::function<std::int64_t(std::int64_t)>& offset, std::int64_t now);

    [[nodiscard]] std::int64_t offset_at(std::int64_t utc_seconds) const noexcept;

    bool operator==(const ZoneTable&) const = default;

private:
    struct Change {
        std::int64_t from = 0;
        std::int64_t offset = 0; ///< since then
        bool operator==(const Change&) const = default;
    };
    std::int64_t first_offset_ = 0;
    std::vector<Change> changes_; ///< the oldest first
};

} // namespace maptrail::rules
