#pragma once

#include "service/config/document.hpp"
#include "service/rules/rule.hpp"

namespace maptrail::config {

/// A text that a condition compares with is no longer than this, in bytes.
inline constexpr std::size_t max_pattern = 1'024;

/// The value or the values of one key of a "when", for `condition.field`. Throws ConfigError, also for what could
/// never fit.
void read_field(const Document& document, const Node& node, rules::Condition& condition);

/// A code, or a name such as ERROR_ACCESS_DENIED. Throws ConfigError.
[[nodiscard]] std::uint32_t read_error_code(const Document& document, const Node& node);

} // namespace maptrail::config
