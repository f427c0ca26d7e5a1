// Looking through a long history piece by piece, from a moment on: what is wanted is mostly near, and between two
// pieces the search can be told to somebody, or ended.
#pragma once

#include "service/query/query.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace maptrail {

/// Who answers queries: calls its second argument for each operation that fits, until that returns false.
using Find = std::function<void(const Query&, const std::function<bool(const Operation&)>&)>;

/// Asked between two pieces, with the moment up to which everything was looked at; ends the search with false.
using GoOn = std::function<bool(std::int64_t)>;

/// Calls `row` for what fits, newest first and none after query.until, until it returns false. `about` is roughly when
/// the newest is. Returns the moment down to which everything was looked at, if `go_on` ended it.
std::optional<std::int64_t> look_back(const Find& find, Query query, std::int64_t about,
                                      const std::function<bool(const Operation&)>& row, const GoOn& go_on);

/// The other way: oldest first, from query.since on, which must be there. The pieces end at `now`, the last takes in
/// what is later by a clock that was set back.
std::optional<std::int64_t> look_on(const Find& find, Query query, std::int64_t now,
                                    const std::function<bool(const Operation&)>& row, const GoOn& go_on);

} // namespace maptrail
