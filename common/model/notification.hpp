// One notification as the service knows it: the frame's content, and what the pipe's client told of the caller.
#pragma once

#include "common/model/judged.hpp"
#include "common/wire/frame.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace maptrail {

using wire::Phase;

/// What the history has rows of. The first two are those of the frame.
enum class Action : std::uint8_t {
    connect = 1,
    disconnect = 2,
    loss = 3, ///< notifications that are missing; no notification has it
};
static_assert(static_cast<int>(Action::connect) == static_cast<int>(wire::Action::connect) &&
              static_cast<int>(Action::disconnect) == static_cast<int>(wire::Action::disconnect));

/// What is recorded lies from 1970 to 2261, in nanoseconds: with a zone's offset, too, it fits into 64 bits.
inline constexpr std::int64_t earliest_recorded = 0;
inline constexpr std::int64_t latest_recorded = 9'214'646'399'999'999'999;

/// How a notification came in.
enum class Source : std::uint8_t {
    pipe = 1,  ///< identity from the client's token
    spool = 2, ///< identity from the owner of a file: lower trust
};

/// What MapTrail said to the router.
enum class Decision : std::uint8_t { allow = 1, deny = 2 };

/// How the caller's session is used.
enum class SessionType : std::uint8_t {
    unknown = 0,
    console = 1,
    remote = 2,  ///< Remote Desktop
    service = 3, ///< session 0
};

/// Who called, as the token says it. Names may be empty where a SID has none.
struct Identity {
    std::string user_sid;
    std::string user_name;
    std::string user_domain;
    std::uint64_t logon_id = 0;   ///< the token's authentication id (LUID)
    std::uint32_t session_id = 0; ///< terminal services session
    std::uint32_t integrity =
        0; ///< the RID of the mandatory label: 0x1000 low, 0x2000 medium, 0x3000 high, 0x4000 system
    bool elevated = false;
    std::uint64_t group_set = 0; ///< GroupSet::id; 0 if the groups are not known
    SessionType session_type = SessionType::unknown;
};

/// Which program called, as the system says it of the pipe's client.
struct ClientProcess {
    std::uint32_t pid = 0;
    std::int64_t started = 0; ///< nanoseconds since 1970, UTC; 0 if unknown. Tells a reused pid apart
    std::string path;         ///< Win32 path of the image; empty if it could not be asked
    std::uint8_t bitness = 0; ///< 32 or 64; 0 if unknown
};

/// All text is valid UTF-8 (a lone surrogate became U+FFFD).
struct Notification {
    std::array<std::uint8_t, 16> producer{};
    std::uint64_t sequence = 0;
    std::uint64_t operation = 0;
    Action action = Action::connect;
    Phase phase = Phase::before;
    std::int64_t time = 0;    ///< nanoseconds since 1970, UTC, by the caller's clock
    std::uint64_t ticks = 0;  ///< monotonic, 100 ns units: what a duration is made of
    std::uint32_t status = 0; ///< WN_* after the operation
    std::uint32_t flags = 0;  ///< CONNECT_*
    std::uint32_t resource_type = 0;
    bool forced = false;
    bool truncated = false; ///< a name was longer than the frame takes
    std::string local_name;
    std::string remote_name;
    std::string provider;
    std::string device; ///< NT path of the local name before a disconnect; empty if there was none
    Identity identity;
    ClientProcess process;
    Source source = Source::pipe;
    Decision decision = Decision::allow;
    Judged judged;            ///< what the rules said
    std::uint64_t config = 0; ///< short_version() of the configuration that judged it; 0: none did
    bool drop = false;        ///< a rule says that the operation is not to be stored
};

} // namespace maptrail
