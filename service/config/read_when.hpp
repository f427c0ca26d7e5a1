#pragma once

#include "service/config/document.hpp"
#include "service/rules/rule.hpp"

namespace maptrail::config {

/// A rule's "when". Throws ConfigError.
[[nodiscard]] rules::Condition read_when(const Document& document, const Node& node);

} // namespace maptrail::config
