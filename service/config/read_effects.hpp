#pragma once

#include "service/config/section.hpp"
#include "service/rules/rule.hpp"

namespace maptrail::config {

inline constexpr std::size_t max_description = 1'024; ///< bytes, like those below
inline constexpr std::size_t max_drop_reason = 256;
inline constexpr std::uint32_t max_throttle_count = 1'000'000;
inline constexpr std::uint32_t max_throttle_s = 86'400;

/// What a rule does, and what it says of itself beside that. Throws ConfigError, also for a rule without any effect.
void read_effects(const Document& document, const Node& node, const Section& section, rules::Rule& rule);

} // namespace maptrail::config
