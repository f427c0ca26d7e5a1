// What `maptrail verify` says.
#pragma once

#include "service/cli/environment.hpp"
#include "service/store/verify.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace maptrail {

[[nodiscard]] std::string verify_text(const Verification& result, const ZoneOffset& zone);
[[nodiscard]] nlohmann::ordered_json verify_json(const Verification& result);

} // namespace maptrail
