// Notifications that are known to have been made and are not in the history.
#pragma once

#include "common/model/notification.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace maptrail {

enum class LossKind : std::uint8_t {
    gap = 1,     ///< numbers of a producer that never arrived
    damaged = 2, ///< bytes that are no notification any more; kept aside
    refused = 3, ///< the service would not take them
};

struct Loss {
    std::array<std::uint8_t, 16> id{}; ///< random: what is told twice is stored once
    LossKind kind = LossKind::damaged;
    std::uint64_t count = 1; ///< notifications; of damage: stretches of bytes, each of them one notification or more
    std::int64_t time = 0;   ///< nanoseconds since 1970, UTC
    std::optional<std::array<std::uint8_t, 16>> producer = std::nullopt;
    Identity identity;     ///< of the sender, as far as it is known
    ClientProcess process; ///< the same
    Source source = Source::pipe;
    std::string reason; ///< what happened, where the bytes are kept, what to do; valid UTF-8
};

/// For a loss that is told for the first time.
[[nodiscard]] std::array<std::uint8_t, 16> new_loss_id();

} // namespace maptrail
