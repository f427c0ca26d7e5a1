// How much of the history is kept.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace maptrail {

/// Each 0: without that limit. What is oldest goes first.
struct Retention {
    std::chrono::nanoseconds age{0}; ///< since an operation's start
    std::uint64_t operations = 0;    ///< with the losses
    std::uint64_t bytes = 0;         ///< of the database, less what is free in it

    bool operator==(const Retention&) const = default;
};

/// "90 days, 1000 operations, 500 MiB", for the log; "everything" without a limit.
[[nodiscard]] std::string limits_text(const Retention& keep);

/// What satisfies both.
[[nodiscard]] Retention stricter(const Retention& one, const Retention& other);

} // namespace maptrail
