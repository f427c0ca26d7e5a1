// Puts each set of groups into the inbox once, before the first notification whose caller has these groups.
#pragma once

#include "common/model/group_set.hpp"
#include "service/inbox/inbox.hpp"
#include "service/throttle/throttle.hpp"

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace maptrail {

/// The history keeps sets for ever, and whoever restricts his token makes a new one with each choice of groups: some
/// thousand bytes, as often as he likes. Nobody has that many by being put into groups.
inline constexpr std::uint32_t most_new_sets_a_day = 20; ///< of one user

/// Any number of threads.
class GroupSetTeller {
public:
    /// `inbox` must outlive it.
    explicit GroupSetTeller(Inbox& inbox, std::function<Throttle::Clock::time_point()> clock = &Throttle::Clock::now)
        : inbox_(inbox), new_sets_(std::move(clock)) {}

    /// Whether a notification of that user may name the set: it is in the inbox, now or since long ago.
    [[nodiscard]] bool tell(std::string_view user_sid, std::uint64_t id, const std::vector<std::string>& sids);

private:
    enum class State : std::uint8_t { granted, told };
    /// Nothing: a new one, beyond the user's share.
    [[nodiscard]] std::optional<State> state_of(std::string_view user_sid, std::uint64_t id);

    Inbox& inbox_;
    std::mutex mutex_; ///< of what follows
    std::unordered_map<std::uint64_t, State> sets_;
    Throttle new_sets_;
};

} // namespace maptrail
