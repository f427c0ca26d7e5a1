// The addresses of servers whose names were resolved some time ago. Judging reads it and never resolves by itself.
#pragma once

#include "service/rules/subject.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace maptrail::rules {

/// Of a name with several addresses the one that is farthest from this machine counts: a public one before a private
/// one, that before a link-local one, that before loopback. So a server is private only if all its addresses are, and
/// a private address beside a public one does not make it look better.
[[nodiscard]] Address farthest(std::span<const Address> addresses);

/// Of bounded size: where it is full, what expires first makes room. Any threads.
class AddressBook {
public:
    using Clock = std::chrono::steady_clock;

    /// `folded_server` went through fold(). Nothing for a name that was not learned or has expired. Allocates nothing;
    /// waits for no longer than an entry takes to be written.
    [[nodiscard]] std::optional<Address> find(std::string_view folded_server) const noexcept;

    /// Replaces what was known of the name. Without addresses the name is forgotten.
    void learn(std::string folded_server, std::span<const Address> addresses, Clock::time_point until);

private:
    struct Entry {
        std::string server;
        Address address{};
        Clock::time_point until = Clock::time_point::min();
    };
    using Shelf = std::array<Entry, 4>; ///< names whose hashes end alike
    static constexpr std::size_t shelf_count = 256;

    [[nodiscard]] static std::size_t shelf_of(std::string_view server);

    mutable std::mutex mutex_;
    std::array<Shelf, shelf_count> shelves_;
};

} // namespace maptrail::rules
