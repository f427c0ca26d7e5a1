#include "tests/bench/sample.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace maptrail::bench {

Summary summarize(std::vector<std::int64_t>& nanoseconds) {
    Summary result;
    result.n = nanoseconds.size();
    if (nanoseconds.empty()) {
        return result;
    }
    std::sort(nanoseconds.begin(), nanoseconds.end());
    constexpr double microsecond = 1'000;
    const auto at = [&](double part) {
        const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(nanoseconds.size())));
        return static_cast<double>(nanoseconds[std::max<std::size_t>(rank, 1) - 1]) / microsecond;
    };
    result.median = at(0.5);
    result.p99 = at(0.99);
    result.p999 = at(0.999);
    result.max = at(1.0);
    const double sum = std::accumulate(nanoseconds.begin(), nanoseconds.end(), 0.0,
                                       [](double all, std::int64_t one) { return all + static_cast<double>(one); });
    result.mean = sum / static_cast<double>(nanoseconds.size()) / microsecond;
    return result;
}

nlohmann::ordered_json to_json(const Summary& summary) {
    return {{"n", summary.n},        {"median_us", summary.median}, {"mean_us", summary.mean},
            {"p99_us", summary.p99}, {"p999_us", summary.p999},     {"max_us", summary.max}};
}

} // namespace maptrail::bench
