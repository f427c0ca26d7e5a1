// The members of an operation's JSON by their dotted names: what FIELD=VALUE and --output-fields speak of.
#pragma once

#include "common/model/operation.hpp"

#include <nlohmann/json.hpp>

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace maptrail {

/// All that there may be, in the order of the JSON.
[[nodiscard]] std::span<const std::string_view> operation_fields();

/// Whether it is one of them.
[[nodiscard]] bool is_field(std::string_view name);

/// The values as text: none if the operation does not have it, several of a list.
[[nodiscard]] std::vector<std::string> field_values(const Operation& operation, std::string_view name);

/// Each field that the operation has, with its values joined by blanks, in the order of the JSON. `only`, unless it is
/// empty, names those that are wanted, in their order.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> field_texts(const Operation& operation,
                                                                           std::span<const std::string> only = {});

/// The operation's JSON with these fields alone.
[[nodiscard]] nlohmann::ordered_json operation_to_json(const Operation& operation, std::span<const std::string> only);

} // namespace maptrail
