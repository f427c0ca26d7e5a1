// What is judged: one notification as the rules see it.
#pragma once

#include "common/model/notification.hpp"
#include "common/model/operation.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace maptrail::rules {

/// The machine's local time at the moment of the call.
struct LocalMoment {
    std::uint16_t minute = 0; ///< since midnight
    std::uint8_t weekday = 0; ///< 0 is Monday
};

/// IPv4 addresses are IPv6 addresses of ::ffff:0:0/96.
using Address = std::array<std::uint8_t, 16>;

/// Texts went through fold() and belong to whoever filled the subject in. What is not known fits no condition, and no
/// "not" of one: a rule that would need it does not match.
struct Subject {
    Action action = Action::connect;
    Phase phase = Phase::before;
    Source source = Source::pipe;
    std::string_view local; ///< without its colon; empty: the call named none
    std::optional<std::string_view> remote;
    std::optional<std::string_view> server; ///< of `remote`
    std::optional<std::string_view> share;  ///< the same; empty if it names the server alone
    std::optional<std::uint32_t> resource_type;
    std::optional<std::string_view> provider; ///< empty: the call named none
    std::uint32_t flags = 0;
    bool forced = false;
    std::optional<std::string_view> user_name; ///< both names, or none
    std::optional<std::string_view> user_domain;
    std::string_view user_sid;
    std::optional<std::span<const std::string>> groups; ///< SIDs, folded and sorted
    std::optional<bool> elevated;
    std::uint32_t integrity = 0; ///< 0: not known
    SessionType session = SessionType::unknown;
    std::optional<std::string_view> program; ///< the whole path
    std::uint8_t bitness = 0;                ///< 0: not known
    std::uint32_t status = 0;                ///< of the operation; means something after it alone
    LocalMoment moment;
    std::optional<Address> address; ///< of the server
};

} // namespace maptrail::rules
