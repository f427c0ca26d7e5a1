// An operation as a JSON object with the names of the Elastic Common Schema where it has one.
//
// The control pipe carries the same object, so what is written can be read back.
#pragma once

#include "common/model/operation.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace maptrail {

/// What is not known is left out. Not ECS: mapping.*, session.*, event.outcome "denied".
[[nodiscard]] nlohmann::ordered_json operation_to_json(const Operation& operation);

/// One member of that object, by its name; null if it is not there. Costs no more than it takes to make that one.
[[nodiscard]] nlohmann::ordered_json operation_member_to_json(const Operation& operation, std::string_view name);

/// False, with `operation` unspecified, if a member is missing that every operation has, or one is of another type or
/// outside its range. Members that are not known are passed over.
[[nodiscard]] bool operation_from_json(const nlohmann::json& json, Operation& operation);
[[nodiscard]] bool operation_from_json(const nlohmann::ordered_json& json, Operation& operation);

/// One line of valid UTF-8. Control and direction characters, which could drive a terminal, are written as \uXXXX.
[[nodiscard]] std::string json_line(const nlohmann::ordered_json& json);

/// The same, over several lines.
[[nodiscard]] std::string json_pretty(const nlohmann::ordered_json& json);

/// The last part of a Windows path.
[[nodiscard]] std::string file_name_of(const std::string& path);

} // namespace maptrail
