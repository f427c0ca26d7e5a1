#pragma once

#include <string_view>

namespace maptrail::config {

/// The text form of a SID: S-1-, the authority, and 1 to 15 sub-authorities, all decimal.
[[nodiscard]] bool is_sid(std::string_view text);

/// The same with * and ? where some of it may be anything.
[[nodiscard]] bool is_sid_pattern(std::string_view text);

} // namespace maptrail::config
