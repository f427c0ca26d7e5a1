// What the drain tells of damage that it met.
#pragma once

#include "common/model/loss.hpp"

#include <cstdint>
#include <string>

namespace maptrail {

/// A record of the inbox that is neither a notification nor a loss.
[[nodiscard]] Loss unreadable_record(const std::string& why, std::int64_t now);

/// Bytes of the inbox's file that were no record any more.
[[nodiscard]] Loss damaged_stretches(std::uint64_t count, std::uint64_t not_kept, std::int64_t now);

} // namespace maptrail
