#pragma once

#include "service/config/document.hpp"
#include "service/rules/rule.hpp"

#include <vector>

namespace maptrail::config {

/// The key "rules". Throws ConfigError, also for a rule that could never match or never do what it says.
[[nodiscard]] std::vector<rules::Rule> read_rules(const Document& document, const Node& node);

} // namespace maptrail::config
