// What a RuleSet says of one notification. Of fixed size: judging allocates nothing.
#pragma once

#include "common/model/notification.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace maptrail::rules {

struct Judgement {
    /// More matching rules than these are not recorded; their effects on the verdict hold all the same. The one that
    /// decided is, and one that only tags gives way to one that does something.
    static constexpr std::size_t most = 32;

    std::array<std::uint16_t, most> matched{}; ///< places in the set, in its order
    std::uint16_t count = 0;
    bool more = false;
    Decision decision = Decision::allow; ///< the verdict, where there is still one to give
    bool would_deny =
        false; ///< a rule in audit mode said deny; or one to enforce did, of what can't be denied any more
    std::uint32_t denied_status = 0; ///< what the caller sees, or would have seen
    bool drop = false;               ///< the operation is not to be stored
};

} // namespace maptrail::rules
