#include "service/inbox/envelope.hpp"

#include "service/text/utf.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <limits>
#include <type_traits>

namespace maptrail {
namespace {

constexpr std::uint32_t envelope_magic = 0x4E45544D; // "MTEN" in memory
constexpr std::uint16_t envelope_version = 1;
constexpr std::uint32_t flag_elevated = 1U << 0;
constexpr std::uint32_t flag_path_cut = 1U << 1;

/// A later version appends fields, and header_size grows. The texts follow (SID, path), the judgement if the header is
/// long enough to have its size, zeros up to a multiple of 8, the frame.
struct EnvelopeHeader {
    std::uint32_t magic;
    std::uint16_t version;
    std::uint16_t header_size;
    std::uint32_t frame_offset;
    std::uint32_t frame_size;
    std::int64_t received;
    std::uint64_t logon_id;
    std::int64_t started;
    std::uint32_t session_id;
    std::uint32_t integrity;
    std::uint32_t pid;
    std::uint32_t flags;
    std::uint16_t sid_size;
    std::uint16_t path_size;
    std::uint16_t reserved;
    std::uint8_t source;
    std::uint8_t decision;
    std::uint8_t bitness;
    std::uint8_t session_type;
    std::uint8_t reserved2[6];
    // From here on since rules are judged.
    std::uint32_t judgement_size;
    std::uint32_t reserved3;
    std::uint64_t group_set;
};

constexpr std::size_t least_header_size = 72;
static_assert(sizeof(EnvelopeHeader) == 88 && std::is_trivially_copyable_v<EnvelopeHeader>);
static_assert(offsetof(EnvelopeHeader, judgement_size) == least_header_size);
static_assert(sizeof(EnvelopeHeader) + max_envelope_sid + max_envelope_path + max_judgement_record + 8 <=
              max_envelope_head);

bool known(const EnvelopeHeader& header) {
    return (header.source == static_cast<std::uint8_t>(Source::pipe) ||
            header.source == static_cast<std::uint8_t>(Source::spool)) &&
           (header.decision == static_cast<std::uint8_t>(Decision::allow) ||
            header.decision == static_cast<std::uint8_t>(Decision::deny)) &&
           (header.bitness == 0 || header.bitness == 32 || header.bitness == 64) &&
           header.session_type <= static_cast<std::uint8_t>(SessionType::service);
}

/// 0 is what a service without a clock would write, not a moment.
bool recordable(std::int64_t time) {
    return time > earliest_recorded && time <= latest_recorded;
}

std::string_view text_at(std::span<const std::byte> record, std::size_t offset, std::size_t size) {
    return {reinterpret_cast<const char*>(record.data()) + offset, size};
}

} // namespace

const char* name_of(EnvelopeError error) {
    switch (error) {
    case EnvelopeError::none:
        return "none";
    case EnvelopeError::too_short:
        return "too short";
    case EnvelopeError::bad_magic:
        return "bad magic";
    case EnvelopeError::bad_version:
        return "bad version";
    case EnvelopeError::bad_size:
        return "bad size";
    case EnvelopeError::bad_field:
        return "bad field";
    case EnvelopeError::bad_string:
        return "bad string";
    case EnvelopeError::bad_judgement:
        return "bad judgement";
    case EnvelopeError::bad_frame:
        return "bad frame";
    }
    return "unknown";
}

Arrival make_arrival(const Identity& identity, const ClientProcess& process, Source source, Decision decision,
                     std::int64_t received) {
    Arrival arrival;
    arrival.source = source;
    arrival.decision = decision;
    arrival.received = received;
    arrival.user_sid = identity.user_sid;
    arrival.logon_id = identity.logon_id;
    arrival.session_id = identity.session_id;
    arrival.integrity = identity.integrity;
    arrival.elevated = identity.elevated;
    arrival.group_set = identity.group_set;
    arrival.session_type = identity.session_type;
    arrival.pid = process.pid;
    arrival.started = process.started;
    arrival.path = process.path;
    arrival.bitness = process.bitness;
    return arrival;
}

std::size_t encode_envelope(const Arrival& arrival, std::size_t frame_size, std::span<std::byte> out) {
    const std::string_view path = cut_utf8(arrival.path, max_envelope_path);
    const std::string_view sid = cut_utf8(arrival.user_sid, max_envelope_sid);
    const std::size_t path_end = sizeof(EnvelopeHeader) + sid.size() + path.size();
    const std::size_t texts_end = path_end + arrival.judgement.size();
    const std::size_t frame_offset = (texts_end + 7) & ~std::size_t{7};
    if (frame_offset > out.size() || frame_size > wire::max_frame_size ||
        arrival.judgement.size() > max_judgement_record) {
        return 0;
    }
    EnvelopeHeader header{};
    header.magic = envelope_magic;
    header.version = envelope_version;
    header.header_size = sizeof(EnvelopeHeader);
    header.frame_offset = static_cast<std::uint32_t>(frame_offset);
    header.frame_size = static_cast<std::uint32_t>(frame_size);
    header.received = arrival.received;
    header.logon_id = arrival.logon_id;
    header.started = arrival.started;
    header.session_id = arrival.session_id;
    header.integrity = arrival.integrity;
    header.pid = arrival.pid;
    header.flags = (arrival.elevated ? flag_elevated : 0U) |
                   (arrival.path_cut || path.size() < arrival.path.size() ? flag_path_cut : 0U);
    header.sid_size = static_cast<std::uint16_t>(sid.size());
    header.path_size = static_cast<std::uint16_t>(path.size());
    header.source = static_cast<std::uint8_t>(arrival.source);
    header.decision = static_cast<std::uint8_t>(arrival.decision);
    header.bitness = arrival.bitness;
    header.session_type = static_cast<std::uint8_t>(arrival.session_type);
    header.group_set = arrival.group_set;
    header.judgement_size = static_cast<std::uint32_t>(arrival.judgement.size());
    std::memcpy(out.data(), &header, sizeof(header));
    std::ranges::copy(std::as_bytes(std::span(sid)), out.begin() + sizeof(header));
    std::ranges::copy(std::as_bytes(std::span(path)),
                      out.begin() + static_cast<std::ptrdiff_t>(sizeof(header) + sid.size()));
    std::ranges::copy(arrival.judgement, out.begin() + static_cast<std::ptrdiff_t>(path_end));
    std::ranges::fill(out.subspan(texts_end, frame_offset - texts_end), std::byte{0});
    return frame_offset;
}

EnvelopeError open_envelope(std::span<const std::byte> record, Arrival& arrival, std::span<const std::byte>& frame) {
    EnvelopeHeader header{};
    if (record.size() < least_header_size) {
        return EnvelopeError::too_short;
    }
    std::memcpy(&header, record.data(), least_header_size);
    if (header.magic != envelope_magic) {
        return EnvelopeError::bad_magic;
    }
    if (header.version < envelope_version) {
        return EnvelopeError::bad_version;
    }
    if (header.header_size >= sizeof(header)) {
        if (record.size() < sizeof(header)) {
            return EnvelopeError::too_short;
        }
        std::memcpy(&header, record.data(), sizeof(header));
    }
    const std::size_t path_end = std::size_t{header.header_size} + header.sid_size + header.path_size;
    const std::size_t texts_end = path_end + header.judgement_size;
    if (header.header_size < least_header_size || header.judgement_size > max_judgement_record ||
        header.frame_size > wire::max_frame_size || texts_end > header.frame_offset || header.frame_offset % 8 != 0 ||
        header.frame_offset > record.size() || record.size() - header.frame_offset != header.frame_size) {
        return EnvelopeError::bad_size;
    }
    if (!known(header)) {
        return EnvelopeError::bad_field;
    }
    const std::string_view sid = text_at(record, header.header_size, header.sid_size);
    const std::string_view path = text_at(record, std::size_t{header.header_size} + header.sid_size, header.path_size);
    if (sid.size() > max_envelope_sid || path.size() > max_envelope_path || !is_valid_utf8(sid) ||
        !is_valid_utf8(path)) {
        return EnvelopeError::bad_string;
    }
    arrival.source = static_cast<Source>(header.source);
    arrival.decision = static_cast<Decision>(header.decision);
    arrival.received = header.received;
    arrival.user_sid = sid;
    arrival.logon_id = header.logon_id;
    arrival.session_id = header.session_id;
    arrival.integrity = header.integrity;
    arrival.elevated = (header.flags & flag_elevated) != 0;
    arrival.session_type = static_cast<SessionType>(header.session_type);
    arrival.group_set = header.group_set;
    arrival.pid = header.pid;
    arrival.started = header.started;
    arrival.path = path;
    arrival.path_cut = (header.flags & flag_path_cut) != 0;
    arrival.bitness = header.bitness;
    arrival.judgement = record.subspan(path_end, header.judgement_size);
    frame = record.subspan(header.frame_offset, header.frame_size);
    return EnvelopeError::none;
}

std::int64_t believed_time(Source source, std::int64_t received, std::uint64_t filetime) {
    const std::int64_t told = filetime_to_unix_ns(filetime);
    if (!recordable(received)) {
        return std::clamp(told, earliest_recorded, latest_recorded);
    }
    if (told < earliest_recorded || told > latest_recorded) {
        return received;
    }
    const bool believed = source == Source::spool
                              ? told <= received
                              : told >= received - max_time_difference && told <= received + max_time_difference;
    return believed ? told : received;
}

EnvelopeError decode_envelope(std::span<const std::byte> record, Notification& notification) {
    Arrival arrival;
    std::span<const std::byte> frame;
    if (const EnvelopeError error = open_envelope(record, arrival, frame); error != EnvelopeError::none) {
        return error;
    }
    wire::Request request;
    if (wire::decode(frame, request) != wire::DecodeError::none) {
        return EnvelopeError::bad_frame;
    }
    JudgementRecord judgement;
    if (!arrival.judgement.empty() && !decode_judgement(arrival.judgement, request.phase, judgement)) {
        return EnvelopeError::bad_judgement;
    }
    notification = {};
    notification.judged = std::move(judgement.judged);
    notification.config = judgement.version;
    notification.drop = judgement.drop;
    notification.producer = request.producer;
    notification.sequence = request.sequence;
    notification.operation = request.operation;
    notification.action = static_cast<Action>(request.action);
    notification.phase = request.phase;
    notification.time = believed_time(arrival.source, arrival.received, request.time);
    notification.ticks = request.ticks;
    notification.status = request.status;
    notification.flags = request.flags;
    notification.resource_type = request.resource_type;
    notification.forced = (request.attributes & wire::attribute::forced) != 0;
    notification.truncated = arrival.path_cut || request.local.cut() || request.remote.cut() ||
                             request.provider.cut() || request.device.cut();
    notification.local_name = to_utf8(request.local.view);
    notification.remote_name = to_utf8(request.remote.view);
    notification.provider = to_utf8(request.provider.view);
    notification.device = to_utf8(request.device.view);
    notification.identity.user_sid = arrival.user_sid;
    notification.identity.logon_id = arrival.logon_id;
    notification.identity.session_id = arrival.session_id;
    notification.identity.integrity = arrival.integrity;
    notification.identity.elevated = arrival.elevated;
    notification.identity.group_set = arrival.group_set;
    notification.identity.session_type = arrival.session_type;
    notification.process.pid = arrival.pid;
    notification.process.started = arrival.started;
    notification.process.path = arrival.path;
    notification.process.bitness = arrival.bitness;
    notification.source = arrival.source;
    notification.decision = arrival.decision;
    // Over the pipe the service's own decision counts.
    if (arrival.source == Source::spool && request.phase == Phase::before &&
        (request.attributes & wire::attribute::denied_unrecorded) != 0) {
        notification.decision = Decision::deny;
    }
    return EnvelopeError::none;
}

std::int64_t filetime_to_unix_ns(std::uint64_t filetime) {
    constexpr std::int64_t epoch_difference = 116444736000000000; // 1601 to 1970, in units of 100 ns
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    if (filetime > static_cast<std::uint64_t>(epoch_difference) + static_cast<std::uint64_t>(most / 100)) {
        return most;
    }
    const std::int64_t ticks = static_cast<std::int64_t>(filetime) - epoch_difference;
    return ticks < std::numeric_limits<std::int64_t>::min() / 100 ? std::numeric_limits<std::int64_t>::min()
                                                                  : ticks * 100;
}

} // namespace maptrail
