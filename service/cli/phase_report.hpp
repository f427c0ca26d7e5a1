// What every rule says of one notification, and why, as text and as JSON.
#pragma once

#include "service/rules/rule_set.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace maptrail {

struct PhaseReport {
    Phase phase = Phase::before;
    rules::Judgement judgement;
    std::vector<rules::Explanation> rules; ///< one for each, in order
};

[[nodiscard]] PhaseReport report_of(const rules::RuleSet& rules, const rules::Subject& subject);

[[nodiscard]] nlohmann::ordered_json phase_json(const rules::RuleSet& rules, const PhaseReport& report);

/// Several lines, printable().
[[nodiscard]] std::string phase_text(const rules::RuleSet& rules, const PhaseReport& report);

} // namespace maptrail
