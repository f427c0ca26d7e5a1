#include "service/answers/look.hpp"

#include <algorithm>
#include <limits>

namespace maptrail {
namespace {

/// Each piece is as long as all before it, so that no more is looked at than twice of what is needed.
constexpr std::int64_t first_piece = 3'600LL * 1'000'000'000;
constexpr std::int64_t longest_piece = std::numeric_limits<std::int64_t>::max() / 4;

/// Returns whether `row` wants more.
bool look_at(const Find& find, const Query& query, const std::function<bool(const Operation&)>& row) {
    bool more = true;
    find(query, [&](const Operation& operation) {
        more = row(operation);
        return more;
    });
    return more;
}

} // namespace

std::optional<std::int64_t> look_back(const Find& find, Query query, std::int64_t about,
                                      const std::function<bool(const Operation&)>& row, const GoOn& go_on) {
    query.newest_first = true;
    std::int64_t from = std::clamp(query.until.value_or(about), earliest_recorded, latest_recorded);
    for (std::int64_t piece = first_piece; from - earliest_recorded > piece && piece < longest_piece; piece *= 2) {
        from -= piece;
        query.since = from;
        if (!look_at(find, query, row)) {
            return std::nullopt;
        }
        if (!go_on(from)) {
            return from;
        }
        query.until = from;
    }
    query.since.reset();
    (void)look_at(find, query, row); // the rest
    return std::nullopt;
}

std::optional<std::int64_t> look_on(const Find& find, Query query, std::int64_t now,
                                    const std::function<bool(const Operation&)>& row, const GoOn& go_on) {
    query.newest_first = false;
    std::int64_t from = std::clamp(query.since.value_or(earliest_recorded), earliest_recorded, latest_recorded);
    for (std::int64_t piece = first_piece; now > from && now - from > piece && piece < longest_piece; piece *= 2) {
        from += piece;
        query.until = from;
        if (!look_at(find, query, row)) {
            return std::nullopt;
        }
        if (!go_on(from)) {
            return from;
        }
        query.since = from;
    }
    query.until.reset();
    (void)look_at(find, query, row);
    return std::nullopt;
}

} // namespace maptrail
