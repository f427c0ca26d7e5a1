#include "service/config/document.hpp"

#include "service/text/ascii.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace maptrail::config {
namespace {

/// Insertions, deletions, replacements and swaps of neighbours that make one of the other; a change of case is none.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before;
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before = std::exchange(last, row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = lower_ascii(a[i - 1]) == lower_ascii(b[j - 1]);
            row[j] = std::min({last[j - 1] + (same ? 0 : 1), row[j - 1] + 1, last[j] + 1});
            if (i > 1 && j > 1 && lower_ascii(a[i - 1]) == lower_ascii(b[j - 2]) &&
                lower_ascii(a[i - 2]) == lower_ascii(b[j - 1])) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
    }
    return row[b.size()];
}

} // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& words) {
    std::string_view best;
    std::size_t best_distance = 0;
    if (word.size() > 64) {
        return best;
    }
    for (const std::string_view candidate : words) {
        const std::size_t far = distance(word, candidate);
        if (far <= std::max<std::size_t>(1, candidate.size() / 3) && (best.empty() || far < best_distance)) {
            best = candidate;
            best_distance = far;
        }
    }
    return best;
}

} // namespace maptrail::config
