// Whose spool files are collected next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace maptrail::spool {

struct Queued {
    std::string owner;
    std::uint64_t size = 0;
};

/// What one round takes of one owner, so that a flood of one user's files does not starve the others.
struct OwnerLimits {
    std::size_t files = 500;
    std::uint64_t bytes = std::uint64_t{16} << 20U; ///< a larger file is taken if it is the owner's first
};

/// Indexes into `queue`: owners in turn, of each one his files as they come, up to the limits.
[[nodiscard]] std::vector<std::size_t> fair_order(std::span<const Queued> queue, const OwnerLimits& limits = {});

} // namespace maptrail::spool
