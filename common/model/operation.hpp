// What an administrator asks about: before and after, joined.
#pragma once

#include "common/model/notification.hpp"

#include <cstdint>
#include <string>

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
    std::string host; ///< the machine that recorded it
};

} // namespace maptrail
