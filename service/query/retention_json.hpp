// How much of the history is kept, as the control pipe carries it.
#pragma once

#include "common/model/retention.hpp"

#include <nlohmann/json.hpp>

namespace maptrail {

[[nodiscard]] nlohmann::json retention_to_json(const Retention& keep);

/// False, with `keep` unspecified, if it is not what the other function makes.
[[nodiscard]] bool retention_from_json(const nlohmann::json& json, Retention& keep);

} // namespace maptrail
