// What became of a drive or a share: the operation that tells it, and what happened before and since.
#pragma once

#include "service/answers/look.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace maptrail {

struct StoryQuestion {
    std::string name;               ///< Z:, or \\server\share with all below it
    std::vector<std::string> users; ///< as Query::users
    std::optional<std::int64_t> at; ///< else now
    std::int64_t now = 0;
};

struct DriveStory {
    std::optional<Operation> last;   ///< the newest up to the moment; all that follows is of its user, but for `others`
    std::optional<Operation> before; ///< what succeeded last before it
    std::uint64_t tries_between = 0; ///< attempts between the two that did not succeed
    std::optional<std::int64_t> looked_back_to; ///< where `before` was not looked for any further

    std::vector<Operation> since; ///< the first ones after the moment; without `last` of any user
    bool more_since = false;
    std::optional<std::int64_t> looked_on_to; ///< where `since` was not looked for any further

    std::vector<Operation>
        others; ///< of other users with such a drive the newest, if nobody in particular is asked for
};

/// `last` is looked for as long as `go_on` says; the rest, which may be far from it, as long as `go_on_beside` does.
[[nodiscard]] DriveStory story_of(const StoryQuestion& question, const Find& find, const GoOn& go_on,
                                  const GoOn& go_on_beside);

} // namespace maptrail
