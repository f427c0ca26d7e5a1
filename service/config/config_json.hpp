// A configuration as JSON that the loader takes again: with every default, and rules as they were understood.
#pragma once

#include "service/config/config.hpp"

#include <nlohmann/json.hpp>

namespace maptrail {

[[nodiscard]] nlohmann::ordered_json config_to_json(const Config& config);

} // namespace maptrail
