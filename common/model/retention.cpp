#include "common/model/retention.hpp"

#include <algorithm>

namespace maptrail {
namespace {

template <typename Limit>
Limit stricter_limit(Limit one, Limit other) {
    return one == Limit{} || other == Limit{} ? std::max(one, other) : std::min(one, other);
}

} // namespace

Retention stricter(const Retention& one, const Retention& other) {
    return {stricter_limit(one.age, other.age), stricter_limit(one.operations, other.operations),
            stricter_limit(one.bytes, other.bytes)};
}

} // namespace maptrail
