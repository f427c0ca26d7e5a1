#include "service/cli/environment.hpp"

namespace maptrail {
namespace {

/// Of a database that somebody else writes, or nobody.
constexpr std::chrono::milliseconds look_again{150};

} // namespace

void HistorySource::follow(Query query, const std::function<bool(const Operation&)>& row,
                           const std::function<bool(const Reached&)>& reached, const Wait& wait) {
    bool open = true;
    do {
        const Reached now = find(query, [&](const Operation& operation) { return open = row(operation); });
        if (!open || !reached(now)) {
            return;
        }
        query.from = Place{now.place.history, now.place.number + 1};
    } while (wait(look_again));
}

} // namespace maptrail
