#include "service/query/retention_json.hpp"

#include <array>
#include <limits>

namespace maptrail {

nlohmann::json retention_to_json(const Retention& keep) {
    return {
        {"age", static_cast<std::uint64_t>(keep.age.count())}, {"operations", keep.operations}, {"bytes", keep.bytes}};
}

bool retention_from_json(const nlohmann::json& json, Retention& keep) {
    std::array<std::uint64_t, 3> values{};
    constexpr std::array<const char*, 3> names{"age", "operations", "bytes"};
    if (!json.is_object() || json.size() != names.size()) {
        return false;
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto found = json.find(names[i]);
        if (found == json.end() || !found->is_number_unsigned()) {
            return false;
        }
        values[i] = found->get<std::uint64_t>();
    }
    if (values[0] > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        return false;
    }
    keep = {std::chrono::nanoseconds(values[0]), values[1], values[2]};
    return true;
}

} // namespace maptrail
