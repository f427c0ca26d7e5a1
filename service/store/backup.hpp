// A copy of a database that is in use.
#pragma once

#include "service/store/chain.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace maptrail {

struct Backup {
    std::uint64_t operations = 0; ///< with the losses
    std::uint64_t bytes = 0;
    ChainHead head;
};

/// Copies `source`, as it is at one moment, to `target`, which must not be there; on failure it is not there afterwards
/// either. Whoever writes to the source meanwhile is not held up. `progress` is called now and then with how many bytes
/// of how many are copied; false ends it with a StoreError. Throws StoreError.
[[nodiscard]] Backup back_up_history(const std::filesystem::path& source, const std::filesystem::path& target,
                                     const std::function<bool(std::uint64_t, std::uint64_t)>& progress);

} // namespace maptrail
