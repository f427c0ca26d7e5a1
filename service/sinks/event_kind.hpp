// What the Event Log is told, by kind: part of the product's contract, fixed for those who filter and forward by it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace maptrail {

/// The event's id as viewers show it. The texts, with %1 for the first string, are in events.mc.
enum class EventKind : std::uint16_t {
    service_started = 100, ///< version, data folder
    service_stopped = 101, ///< version
    start_failed = 102,    ///< why
    history_head = 103,    ///< number, hash: of the chain's last entry
    vacuum_asked = 104,    ///< who, SID, how much is to be kept
    history_altered = 105, ///< what was found
    config_taken = 200,    ///< file, its version, number of rules
    config_rejected = 201, ///< file, what is wrong and where
    groups_unknown = 202,  ///< file, names that no account has
    denied = 300,          ///< the strings of rule_event_strings()
    would_be_denied = 301, ///< the same: by a rule in audit mode, or too late
    alert = 302,           ///< the same: of a rule with "log"
    loss = 400,            ///< how many, gap or damaged or refused, what happened
    command_failed = 500,  ///< rule, program, what became of it, what it wrote
};

enum class EventSeverity : std::uint8_t { information = 1, warning = 2, error = 3 }; ///< as message files number them

struct EventShape {
    EventKind kind;
    EventSeverity severity;
    std::size_t strings; ///< how many its text wants
};

inline constexpr auto event_shapes = std::to_array<EventShape>({
    {EventKind::service_started, EventSeverity::information, 2},
    {EventKind::service_stopped, EventSeverity::information, 1},
    {EventKind::start_failed, EventSeverity::error, 1},
    {EventKind::history_head, EventSeverity::information, 2},
    {EventKind::vacuum_asked, EventSeverity::information, 3},
    {EventKind::history_altered, EventSeverity::warning, 1},
    {EventKind::config_taken, EventSeverity::information, 3},
    {EventKind::config_rejected, EventSeverity::error, 2},
    {EventKind::groups_unknown, EventSeverity::warning, 2},
    {EventKind::denied, EventSeverity::warning, 13},
    {EventKind::would_be_denied, EventSeverity::information, 13},
    {EventKind::alert, EventSeverity::warning, 13},
    {EventKind::loss, EventSeverity::warning, 3},
    {EventKind::command_failed, EventSeverity::warning, 4},
});

[[nodiscard]] const EventShape& shape_of(EventKind kind);

/// The number in the message table: the id with its severity.
[[nodiscard]] std::uint32_t message_id(const EventShape& shape);

/// What one event takes of text, all strings together, in UTF-16 units: what ReportEvent takes of a single one.
inline constexpr std::size_t max_event_text = 31'839;

/// Exactly as many strings as the text wants: "-" for those that are missing or empty, none beyond. Control characters
/// and what a viewer would take for an insertion ("%1") are spelled; what is too long is cut and ends in "...".
[[nodiscard]] std::vector<std::u16string> event_strings(const EventShape& shape, std::span<const std::string> strings);

} // namespace maptrail
