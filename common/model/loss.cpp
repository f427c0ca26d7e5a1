#include "common/model/loss.hpp"

#include <algorithm>
#include <random>

namespace maptrail {

std::array<std::uint8_t, 16> new_loss_id() {
    std::random_device source;
    std::array<std::uint8_t, 16> id{};
    std::ranges::generate(id, [&source] { return static_cast<std::uint8_t>(source() & 0xFFU); });
    return id;
}

} // namespace maptrail
