#include "common/model/retention.hpp"

#include <algorithm>

namespace maptrail {
namespace {

template <typename Limit>
Limit stricter_limit(Limit one, Limit other) {
    return one == Limit{} || other == Limit{} ? std::max(one, other) : std::min(one, other);
}

} // namespace

std::string limits_text(const Retention& keep) {
    std::string text;
    const auto add = [&text](std::uint64_t number, const char* unit) {
        if (number != 0) {
            text += (text.empty() ? "" : ", ") + std::to_string(number) + unit;
        }
    };
    add(static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::days>(keep.age).count()), " days");
    add(keep.operations, " operations");
    add(keep.bytes >> 20U, " MiB");
    return text.empty() ? "everything" : text;
}

Retention stricter(const Retention& one, const Retention& other) {
    return {stricter_limit(one.age, other.age), stricter_limit(one.operations, other.operations),
            stricter_limit(one.bytes, other.bytes)};
}

} // namespace maptrail
