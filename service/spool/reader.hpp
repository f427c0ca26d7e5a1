// What a spool file holds, whatever happened to its bytes.
#pragma once

#include "common/wire/spool_file.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace maptrail::spool {

/// No writer makes a larger file: one of the largest size that the configuration allows, and what it was in the middle
/// of.
inline constexpr std::size_t max_file_size = std::size_t{17} << 20U;

/// Bytes from `begin` up to `end`, within the file.
struct Stretch {
    std::size_t begin = 0;
    std::size_t end = 0;
};

struct Contents {
    wire::DecodeError header = wire::DecodeError::none; ///< else nothing that follows is filled in
    wire::SpoolOrigin origin;                           ///< its path points into the file
    std::vector<Stretch> frames;                        ///< each decodes without an error
    std::vector<Stretch> damaged;                       ///< each of them one frame or more
    std::optional<Stretch> torn; ///< the last frame, not whole: its writer may be in the middle of it, or may have died
};

/// Total: any bytes give an answer, and the time is bounded by a small multiple of their number, whoever chose them.
/// `file` starts at an even address. Stretches of zeros are no damage: a system that lost power leaves such holes.
[[nodiscard]] Contents read_file(std::span<const std::byte> file);

} // namespace maptrail::spool
