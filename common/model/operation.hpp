// What an administrator asks about: before and after, joined.
#pragma once

#include "common/model/loss.hpp"
#include "common/model/notification.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace maptrail {

enum class Outcome : std::uint8_t {
    pending = 0, ///< the after-call has not come yet; shown as "unknown"
    success = 1,
    failure = 2,
    denied = 3,  ///< MapTrail vetoed it
    unknown = 4, ///< closed without an after-call; `reason` says why
};

/// Where the remote name comes from.
enum class RemoteFrom : std::uint8_t {
    none = 0,
    call = 1,   ///< the call itself named it
    device = 2, ///< the device's target, asked before the disconnect
    record = 3, ///< the logon session's last recorded connect of that device: inferred
};

/// Operation::reason of one that was told of afterwards alone.
inline constexpr std::string_view reason_not_told_before = "no notification before the operation";

/// What a row of the history tells that is a loss.
struct LossDetail {
    LossKind kind = LossKind::damaged;
    std::uint64_t count = 1;
    std::optional<std::array<std::uint8_t, 16>> producer = std::nullopt;
    std::uint64_t first_sequence =
        0; ///< of a gap; 0 if not known. `count` of the numbers from here to the last are missing
    std::uint64_t last_sequence = 0;
};

/// The notifications that an operation is made of, each by its number in its producer's sequence.
struct Notifications {
    std::array<std::uint8_t, 16> producer{};
    std::uint64_t number = 0; ///< Notification::operation
    std::optional<std::uint64_t> before = std::nullopt;
    std::optional<std::uint64_t> after = std::nullopt;
    std::optional<Phase> only = std::nullopt; ///< the row shows this one alone
};

struct Operation {
    std::int64_t id = 0;
    Action action = Action::connect;
    Outcome outcome = Outcome::pending;
    std::int64_t start = 0;     ///< nanoseconds since 1970, UTC
    std::int64_t end = 0;       ///< the same; 0 while there is none
    std::int64_t duration = -1; ///< nanoseconds, monotonic; -1 if unknown
    std::uint32_t error = 0;    ///< Windows error code; 0 with success
    std::string reason;         ///< why the outcome is unknown
    std::string local_name;
    std::string remote_name;
    RemoteFrom remote_from = RemoteFrom::none;
    std::uint32_t resource_type = 0; ///< RESOURCETYPE_*
    std::string provider;
    std::uint32_t flags = 0; ///< CONNECT_*
    bool forced = false;
    bool truncated = false;
    Identity identity;
    ClientProcess process;
    Source source = Source::pipe;
    Decision decision = Decision::allow;
    Judged judged;                   ///< of both notifications
    std::uint64_t config_before = 0; ///< Notification::config of the one before, and of the one after
    std::uint64_t config_after = 0;
    std::int64_t place = 0; ///< in the order of ending, from 1 on, given once; 0 while it has not ended
    std::string host;       ///< the machine that recorded it
    std::optional<Notifications> notifications; ///< where they were asked for
    std::optional<LossDetail> loss; ///< of Action::loss; then start and end are the times between which it happened
};

} // namespace maptrail
