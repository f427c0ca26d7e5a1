// Brings the history down to what may be kept, in steps so short that none holds up a batch for long.
#pragma once

#include "service/drain/portion.hpp"
#include "service/store/store.hpp"

#include <cstdint>

namespace maptrail {

class Shrinker {
public:
    struct Step {
        std::uint64_t forgotten = 0; ///< operations
        bool more = false;           ///< there is more to do
    };

    /// `store` must outlive it.
    Shrinker(Store& store, Clock clock);

    /// Forgets some of what is more than `keep`, or gives some of the room back that it took; of the last, both. Some
    /// room stays in the database for what comes next, unless `all_room`. Throws what the store throws.
    Step step(const Retention& keep, bool all_room);

private:
    std::uint64_t forget(const Retention& keep, std::uint64_t most);
    std::uint64_t give_back(std::uint64_t bytes);

    Store& store_;
    Clock clock_;
    Portion operations_; ///< to forget at once
    Portion room_;       ///< to give back at once, in bytes
    bool forgets_next_ = false;
};

} // namespace maptrail
