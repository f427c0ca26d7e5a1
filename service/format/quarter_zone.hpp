// A zone that is asked for many moments which mostly lie near each other.
#pragma once

#include "service/format/time_text.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace maptrail {

/// Asks once for the moments of a quarter of an hour: a zone's offset changes between two of them. One thread.
class QuarterZone {
public:
    explicit QuarterZone(ZoneOffset zone) : zone_(std::move(zone)) {}

    /// Both in seconds, as ZoneOffset.
    [[nodiscard]] std::int64_t offset_at(std::int64_t utc_seconds) {
        const std::int64_t quarter = utc_seconds / 900;
        if (quarter_ != quarter) {
            offset_ = zone_(utc_seconds);
            quarter_ = quarter;
        }
        return offset_;
    }

private:
    ZoneOffset zone_;
    std::optional<std::int64_t> quarter_; ///< since 1970: the one that `offset_` is of
    std::int64_t offset_ = 0;
};

} // namespace maptrail
