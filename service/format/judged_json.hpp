// What rules said, as JSON: for people's output, for the control pipe, and as the database keeps it.
#pragma once

#include "common/model/judged.hpp"
#include "common/model/operation.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace maptrail {

/// Its rules: name, mode, phase, effects, and what else a rule has.
[[nodiscard]] nlohmann::ordered_json rules_to_json(const Judged& judged);

/// False if it is nothing that rules_to_json() writes. Sets `rules` alone.
[[nodiscard]] bool rules_from_json(const nlohmann::json& json, Judged& judged);
[[nodiscard]] bool rules_from_json(const nlohmann::ordered_json& json, Judged& judged);

/// "deny", "tag", ...
[[nodiscard]] std::vector<std::string_view> effect_words(std::uint16_t effects);

/// Of the rules that are enforced: each once, in order.
[[nodiscard]] std::vector<std::string> tags_of(const Judged& judged);

/// Of the rules that are enforced, the highest; 0 if none says one.
[[nodiscard]] std::uint8_t severity_of(const Judged& judged);

/// The rule that denied, or would have; empty if none did, or if its name is not recorded.
[[nodiscard]] std::string denying_rule(const Operation& operation);

} // namespace maptrail
