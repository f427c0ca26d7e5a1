// A query as the control pipe carries it.
#pragma once

#include "service/query/query.hpp"

#include <nlohmann/json.hpp>

namespace maptrail {

/// Everything but only_user_sid, which is the service's to set.
[[nodiscard]] nlohmann::json query_to_json(const Query& query);

/// False if a member is of another type, out of range, or unknown: a question must not be answered in part.
[[nodiscard]] bool query_from_json(const nlohmann::json& json, Query& query);

/// Whether the service would take it as one question.
[[nodiscard]] bool fits_into_a_request(const Query& query);

/// The same for the end of an answer. False for what is none: a service of before said nothing there.
[[nodiscard]] nlohmann::json reached_to_json(const Reached& reached);
[[nodiscard]] bool reached_from_json(const nlohmann::json& json, Reached& reached);

} // namespace maptrail
