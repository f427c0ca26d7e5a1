// Many measured times, and what is said of them.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace maptrail::bench {

/// Nanoseconds; only differences mean anything.
[[nodiscard]] std::int64_t ticks();

struct Summary {
    std::size_t n = 0;
    double median = 0; ///< microseconds, as all that follow
    double mean = 0;
    double p99 = 0;
    double p999 = 0;
    double max = 0;
};

/// `nanoseconds` is sorted on the way. Percentiles by nearest rank.
[[nodiscard]] Summary summarize(std::vector<std::int64_t>& nanoseconds);

[[nodiscard]] nlohmann::ordered_json to_json(const Summary& summary);

} // namespace maptrail::bench
