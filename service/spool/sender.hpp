// Who wrote a spool file: the file's owner, and for the rest the writer's own word.
#pragma once

#include "common/wire/spool_file.hpp"
#include "service/inbox/envelope.hpp"
#include "service/judge/judge.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace maptrail::spool {

struct Sender {
    Identity identity;
    ClientProcess process;
    bool path_cut = false;
};

/// `owner` is the SID of whom the system says that the file belongs to.
[[nodiscard]] Sender sender_of(const wire::SpoolOrigin& origin, const std::string& owner);

/// Of a frame that decodes, and judged. `sender` must outlive it, and `turn`'s verdict is in it.
[[nodiscard]] Arrival arrival_of(const Sender& sender, std::span<const std::byte> frame, std::int64_t received,
                                 Judge::Turn& turn);

} // namespace maptrail::spool
