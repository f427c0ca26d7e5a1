// When a rule can match at all.
#pragma once

#include "common/model/notification.hpp"
#include "service/rules/rule.hpp"

namespace maptrail::config {

/// Whether there can be a notification of that phase, come in that way, that the condition holds for.
[[nodiscard]] bool can_hold(const rules::Condition& condition, Phase phase, Source source);

/// The first condition in it that asks for the phase, or for what is known after the operation alone; else null.
[[nodiscard]] const rules::Condition* phase_asked(const rules::Condition& condition);

} // namespace maptrail::config
