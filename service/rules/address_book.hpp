// The addresses of servers whose names were looked up some time ago. Judging reads it, notes what is not in it, and
// never looks up anything itself.
#pragma once

#include "service/rules/subject.hpp"
#include "service/rules/wanted_names.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace maptrail::rules {

/// Of a name with several addresses the one that is farthest from this machine counts: a public one before a private
/// one, that before a link-local one, that before loopback. So a server is private only if all its addresses are, and
/// a private address beside a public one does not make it look better.
[[nodiscard]] Address farthest(std::span<const Address> addresses);

/// Names in it went through fold(). Of bounded size: where it is full, a name without an address makes room, or else
/// the one that nobody has asked for the longest. Any threads.
class AddressBook {
public:
    using Clock = std::chrono::steady_clock;

    static constexpr std::size_t most_names = 4'096;
    static constexpr std::chrono::minutes refresh_after{10}; ///< an address is looked up again, when it is asked for
    static constexpr std::chrono::minutes forget_after{60};  ///< an address that could not be looked up again
    static constexpr std::chrono::minutes retry_after{1};    ///< what was not found is looked up again, the same

    explicit AddressBook(std::function<Clock::time_point()> clock = &Clock::now) : clock_(std::move(clock)) {}

    /// Whether any rule in force asks for addresses. Until then, and without one, nothing is found, noted or looked up.
    void set_in_use(bool in_use);

    /// Nothing for a name whose address is not known now. What is not known, or should be known afresh, is noted for
    /// next(). Allocates nothing; waits for no longer than an entry takes to be written.
    [[nodiscard]] std::optional<Address> find(std::string_view server) noexcept;

    /// Waits until there is a name to look up. False: the book was closed.
    [[nodiscard]] bool next(std::string& server);

    /// What a look-up gave; no addresses: it gave none.
    void learn(const std::string& server, std::span<const Address> addresses);

    /// Ends all next(), for good.
    void close();

private:
    struct Entry {
        std::string server;
        Address address{};
        Clock::time_point known_until = Clock::time_point::min();
        Clock::time_point fresh_until = Clock::time_point::min(); ///< then it is noted, if it is asked for
        Clock::time_point asked = Clock::time_point::min();
    };
    using Shelf = std::array<Entry, 4>; ///< names whose hashes end alike
    static constexpr std::size_t shelf_count = most_names / 4;

    [[nodiscard]] static std::size_t shelf_of(std::string_view server);
    template <class Change>
    void change(const std::string& server, const Change& change);

    std::function<Clock::time_point()> clock_;
    std::atomic<bool> in_use_{false};
    std::mutex mutex_; ///< of what follows
    std::condition_variable changed_;
    std::vector<Shelf> shelves_ = std::vector<Shelf>(shelf_count);
    WantedNames wanted_;
    bool closed_ = false;
};

} // namespace maptrail::rules
