#pragma once

#include <string_view>

namespace maptrail {

/// The JSON Schema of config.json, docs/config.schema.json to the letter.
[[nodiscard]] std::string_view config_schema();

} // namespace maptrail
