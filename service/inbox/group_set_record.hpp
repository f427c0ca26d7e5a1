// A set of groups as a record of the inbox: it is there before the first notification whose caller has these groups, so
// that a notification's own record has to name it only.
#pragma once

#include "common/model/group_set.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace maptrail {

/// Throws std::runtime_error if the system can't hash.
[[nodiscard]] std::uint64_t group_set_id(const std::vector<std::string>& sids);

/// Empty if there are more groups than a record has room for.
[[nodiscard]] std::vector<std::byte> encode_group_set(const GroupSet& set);

/// By its first bytes, with which no envelope and no loss notice starts.
[[nodiscard]] bool is_group_set(std::span<const std::byte> record);

/// Total: false, with `set` unspecified, if the bytes are no set.
[[nodiscard]] bool decode_group_set(std::span<const std::byte> record, GroupSet& set);

} // namespace maptrail
