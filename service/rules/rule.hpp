// Rules as they are configured: what the loader makes of config.json, and what a RuleSet is compiled from.
#pragma once

#include "common/product.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maptrail::rules {

enum class Mode : std::uint8_t {
    enforce,
    audit, ///< records what it would have done
};

/// What a condition looks at. The key that it has in config.json is beside it, with the words that it takes.
enum class Field : std::uint8_t {
    action,        ///< action: connect, disconnect
    phase,         ///< phase: before, after
    local,         ///< local: globs of the local name; "Z" means "Z:", "" that there is none
    remote,        ///< remote: globs of the whole remote name
    server,        ///< server: globs of the remote name's server alone
    share,         ///< share: globs of what comes after the server, up to the next separator
    resource_type, ///< resourceType: any, disk, print
    provider,      ///< provider: globs
    flags,         ///< flags: words of flag_words(); one of them is set
    forced,        ///< forced: true, false
    user,          ///< user: globs of NAME, DOMAIN\NAME or NAME@DOMAIN
    sid,           ///< sid: globs of the user's SID
    group,         ///< group: SIDs or names of groups that are enabled in the token
    elevated,      ///< elevated: true, false
    integrity,     ///< integrity: words of integrity_word()
    session,       ///< session: console, remote, service
    program,       ///< program: globs; of the file name alone where there is no separator in it
    bitness,       ///< bitness: 32, 64
    outcome,       ///< outcome: success, failure; known after the operation alone
    error,         ///< error: codes or names; the same
    time,          ///< time: "HH:MM-HH:MM", by the machine's local time
    weekday,       ///< weekday: mon, tue, wed, thu, fri, sat, sun; the same
    address,       ///< address: loopback, linkLocal, private, public, or a network such as 10.0.0.0/8 or fd00::/8
    source,        ///< source: pipe, spool
};
inline constexpr std::size_t field_count = static_cast<std::size_t>(Field::source) + 1;

/// Minutes since midnight, `from` included and `to` not; from 22:00 to 06:00 it goes over midnight. Both equal: the
/// whole day.
struct TimeRange {
    std::uint16_t from = 0;
    std::uint16_t to = 0;
};

/// IPv4 addresses are IPv6 addresses of ::ffff:0:0/96.
struct Network {
    std::array<std::uint8_t, 16> address{};
    std::uint8_t bits = 0; ///< how many of them count
};

/// One key of a rule's "when". Of several values any one will do.
struct Condition {
    enum class Kind : std::uint8_t {
        field, ///< `field` with the values below
        all,   ///< every one of `parts`
        any,   ///< one of them at least
        none,  ///< not one of them: the key "not"
    };
    Kind kind = Kind::all;
    Field field = Field::action;
    std::vector<std::string> texts;     ///< globs, SIDs, names of groups: as they were written
    std::vector<std::uint64_t> numbers; ///< of words their enumeration's number; flags and integrity as Windows has
                                        ///< them; 0 and 1 for false and true
    std::vector<TimeRange> times;
    std::vector<Network> networks; ///< of addresses, also of the words for them
    std::vector<Condition> parts;
    std::string path; ///< its place, as in rules[3].when.remote
};

/// Which account a command runs as.
enum class RunAs : std::uint8_t {
    local_service, ///< LocalService: what a command needs to tell somebody something, and little more
    network_service,
    system, ///< to be asked for by name
};

/// A program that is started after the fact, with the event as JSON on its standard input.
struct Run {
    std::string program; ///< absolute; never a shell or a batch file
    std::vector<std::string> arguments;
    std::uint32_t timeout_s = 30;
    RunAs account = RunAs::local_service;
};

/// At most `count` of the rule's log entries and commands in `seconds`, for each value of the key's fields.
struct Throttle {
    std::uint32_t count = 1;
    std::uint32_t seconds = 60;
    std::vector<Field> key; ///< remote, server, share, local, user, sid, program; none: all together
};

struct Rule {
    std::string name;        ///< 1 to 64 bytes, one line, unique without regard to case
    std::string description; ///< for people
    Mode mode = Mode::audit;
    Condition when;                    ///< Kind::all; without parts it always holds
    std::optional<std::uint32_t> deny; ///< the Windows error that the caller sees
    bool allow = false;                ///< ends the judging
    std::vector<std::string> tags;     ///< 1 to 64 bytes each
    std::uint8_t severity = 0;         ///< 1 to 100; 0: none
    bool log = false;                  ///< writes to the Event Log
    std::optional<Run> run;
    std::optional<std::string> drop; ///< why it is not stored
    std::optional<Throttle> throttle;
    std::string technique; ///< MITRE ATT&CK id, as T1021.002
    std::string path;      ///< its place, as in rules[3]
};

inline constexpr std::size_t max_rules = 1'000;
inline constexpr std::size_t max_rule_name = 64;
inline constexpr std::size_t max_technique = std::string_view("T1021.002").size();
inline constexpr std::size_t max_rule_tags = 16;
inline constexpr std::size_t max_tag = 64;

/// Whether a rule with this "when" looks at notifications before the operation, and after it. What says nothing of a
/// phase and asks for nothing that is known afterwards alone is judged before, so once for each operation.
struct Phases {
    bool before = false;
    bool after = false;
};
[[nodiscard]] Phases phases_of(const Condition& when);

} // namespace maptrail::rules
