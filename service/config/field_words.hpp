// The keys and words of conditions as config.json has them.
#pragma once

#include "service/config/section.hpp"
#include "service/rules/rule.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace maptrail::config {

/// In the order of rules::Field.
[[nodiscard]] const Words& field_keys();
[[nodiscard]] std::string_view key_of(rules::Field field);

/// Words, and beside each the number that it stands for in a Condition.
struct FieldWords {
    Words words;
    std::vector<std::uint64_t> numbers;
};

/// Of a field whose values are words alone; empty for the others.
[[nodiscard]] const FieldWords& words_of(rules::Field field);

/// What throttle.key may hold.
[[nodiscard]] const std::vector<rules::Field>& throttle_fields();

} // namespace maptrail::config
