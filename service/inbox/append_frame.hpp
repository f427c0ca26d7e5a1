// The one way of a frame into the inbox, from the pipe as from the spool.
#pragma once

#include "service/inbox/envelope.hpp"
#include "service/inbox/inbox.hpp"

#include <cstddef>
#include <span>

namespace maptrail {

enum class Appended {
    stored,
    no_room, ///< the sender, or its file, keeps the frame
    unfit,   ///< larger than a frame may be
};

/// Any number of threads.
[[nodiscard]] Appended append_frame(Inbox& inbox, const Arrival& arrival, std::span<const std::byte> frame);

} // namespace maptrail
