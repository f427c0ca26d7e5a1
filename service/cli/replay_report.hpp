// What a replay found, as text and as JSON.
#pragma once

#include "service/format/time_text.hpp"
#include "service/judge/replay.hpp"
#include "service/rules/rule_set.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace maptrail {

[[nodiscard]] nlohmann::ordered_json replay_json(const rules::RuleSet& rules, const Replay& replay);

/// A table of the rules, examples, totals. `width`: of the terminal, if there is one.
[[nodiscard]] std::string replay_text(const rules::RuleSet& rules, const Replay& replay, const ZoneOffset& zone,
                                      std::optional<std::size_t> width);

} // namespace maptrail
