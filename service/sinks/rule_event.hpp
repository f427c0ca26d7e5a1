// What an event of the Event Log says of a rule that matched.
#pragma once

#include "common/model/judged.hpp"
#include "common/model/operation.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace maptrail {

/// In the order of the message's insertions: rule; connect or disconnect; remote name; local name; user; SID; program;
/// process id; error code; severity; tags; ATT&CK technique; how many like it were not told. What there is none of is
/// empty. The error code is the one that the caller was told or would have been, or, without a denial, how the
/// operation ended.
[[nodiscard]] std::vector<std::string> rule_event_strings(const Operation& operation, const MatchedRule& rule,
                                                          std::uint64_t suppressed);

} // namespace maptrail
