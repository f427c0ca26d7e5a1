// When a rule can match at all.
#pragma once

#include "common/model/notification.hpp"
#include "service/rules/rule.hpp"

namespace maptrail::config {

/// Whether there can be a notification of that phase, come in that way, that a rule with this "when" is judged for and
/// matches.
[[nodiscard]] bool can_match(const rules::Condition& when, Phase phase, Source source);

/// The first condition in it that asks for the phase, or for what is known after the operation alone; else null.
[[nodiscard]] const rules::Condition* phase_asked(const rules::Condition& when);

} // namespace maptrail::config
