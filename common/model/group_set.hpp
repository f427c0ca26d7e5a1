// The groups of a token, which many operations have alike.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace maptrail {

/// Immutable: other groups are another set, with another id.
struct GroupSet {
    std::uint64_t id = 0;          ///< the first eight bytes of the SIDs' SHA-256; 0: not known
    std::vector<std::string> sids; ///< folded and sorted; of the groups that were enabled, less the logon session's own
};

/// A token has some 1,000 groups at most ("MaxTokenSize").
inline constexpr std::size_t most_groups = 2'048;

} // namespace maptrail
