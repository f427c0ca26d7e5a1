// What a record of the inbox holds: how the service came by a frame, and the frame as it came.
//
// Names of users are not in it: looking them up may ask a domain controller, and the sender waits for its receipt.
#pragma once

#include "common/model/notification.hpp"
#include "common/wire/codec.hpp"
#include "service/inbox/judgement_record.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace maptrail {

/// A longer path is cut, and the notification is marked as truncated. Windows' own bound is 32,767 UTF-16 units.
inline constexpr std::size_t max_envelope_path = 32767;
/// SECURITY_MAX_SID_STRING_CHARACTERS.
inline constexpr std::size_t max_envelope_sid = 187;
/// How far a frame's time may be from the moment when it was received over the pipe: far above any budget. The caller's
/// clock is the machine's clock, so a frame that says otherwise lies, or the clock was set or the machine slept; then
/// the moment of its arrival counts. A lie within it moves an operation by no more than that, also for rules on the
/// time.
inline constexpr std::int64_t max_time_difference = 10LL * 60 * 1'000'000'000;
/// Suffices for every envelope, without its frame.
inline constexpr std::size_t max_envelope_head = 128 + 192 + 32768 + max_judgement_record;

/// What is known of a frame apart from the frame. The texts, in UTF-8, belong to whoever filled it in.
struct Arrival {
    Source source = Source::pipe;
    Decision decision = Decision::allow;
    std::int64_t received = 0; ///< nanoseconds since 1970, UTC, by the service's clock
    std::string_view user_sid;
    std::uint64_t logon_id = 0;
    std::uint32_t session_id = 0;
    std::uint32_t integrity = 0;
    bool elevated = false;
    std::uint64_t group_set = 0; ///< GroupSet::id, of a set whose own record came before; 0 if there is none
    SessionType session_type = SessionType::unknown;
    std::uint32_t pid = 0;
    std::int64_t started = 0;
    std::string_view path;
    bool path_cut = false;
    std::uint8_t bitness = 0;
    std::span<const std::byte> judgement = {}; ///< of a JudgementRecord; empty if nothing was judged
};

[[nodiscard]] Arrival make_arrival(const Identity& identity, const ClientProcess& process, Source source,
                                   Decision decision, std::int64_t received);

enum class EnvelopeError {
    none,
    too_short,
    bad_magic,
    bad_version,
    bad_size,   ///< sizes contradict each other or the record
    bad_field,  ///< a value that no writer of this version writes
    bad_string, ///< not UTF-8, or longer than allowed
    bad_judgement,
    bad_frame, ///< the frame inside does not decode
};

[[nodiscard]] const char* name_of(EnvelopeError error);

/// Writes what comes before a frame of `frame_size` bytes: append this and the frame to the inbox as one record.
/// Returns its size, a multiple of 8; 0 if `out` is too small or the frame too large. Allocates nothing.
[[nodiscard]] std::size_t encode_envelope(const Arrival& arrival, std::size_t frame_size, std::span<std::byte> out);

/// Total: any bytes give an arrival and a frame, which point into `record`, or an error.
[[nodiscard]] EnvelopeError open_envelope(std::span<const std::byte> record, Arrival& arrival,
                                          std::span<const std::byte>& frame);

/// When the call was, as far as its frame is believed; nanoseconds since 1970, from earliest_recorded to
/// latest_recorded. It is the frame's `filetime` if that is within max_time_difference of the moment when it was
/// `received`; of a spool file, which may have waited for long, if it is not after that. Else it is that moment. Where
/// that is absurd too, the frame's time is moved into the range.
[[nodiscard]] std::int64_t believed_time(Source source, std::int64_t received, std::uint64_t filetime);

/// The whole way from a record to a notification, whose time is the believed one. `record` starts at an even address.
[[nodiscard]] EnvelopeError decode_envelope(std::span<const std::byte> record, Notification& notification);

/// FILETIME to nanoseconds since 1970. What does not fit becomes the nearest that does.
[[nodiscard]] std::int64_t filetime_to_unix_ns(std::uint64_t filetime);

} // namespace maptrail
