#include "common/wire/codec.hpp"

#include <cstring>

namespace maptrail::wire {

namespace {

constexpr std::size_t crc_offset = offsetof(RequestHeader, crc);
static_assert(crc_offset == offsetof(Reply, crc), "one routine checks both kinds of frame");

// A table of 16 entries: 64 bytes of constants in every process of the machine instead of a kilobyte.
constexpr std::array<std::uint32_t, 16> make_crc_table() {
    std::array<std::uint32_t, 16> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 4; ++bit) {
            value = (value & 1U) != 0 ? (value >> 1U) ^ 0xEDB88320U : value >> 1U;
        }
        table[i] = value;
    }
    return table;
}

constexpr std::array<std::uint32_t, 16> crc_table = make_crc_table();

std::uint32_t frame_crc(std::span<const std::byte> frame) {
    constexpr std::array<std::byte, 4> zero{};
    std::uint32_t crc = crc32(0, frame.first(crc_offset));
    crc = crc32(crc, zero);
    return crc32(crc, frame.subspan(crc_offset + zero.size()));
}

/// What requests and replies have in common: the first 20 bytes.
DecodeError check_envelope(std::span<const std::byte> frame, std::size_t smallest, std::uint32_t expected_magic) {
    if (frame.size() < smallest) {
        return DecodeError::too_short;
    }
    if (frame.size() > max_frame_size) {
        return DecodeError::too_long;
    }
    std::uint32_t magic = 0;
    std::uint32_t frame_size = 0;
    std::uint16_t min_reader = 0;
    std::uint32_t crc = 0;
    std::memcpy(&magic, frame.data() + offsetof(RequestHeader, magic), sizeof magic);
    std::memcpy(&frame_size, frame.data() + offsetof(RequestHeader, frame_size), sizeof frame_size);
    std::memcpy(&min_reader, frame.data() + offsetof(RequestHeader, min_reader), sizeof min_reader);
    std::memcpy(&crc, frame.data() + crc_offset, sizeof crc);
    if (magic != expected_magic) {
        return DecodeError::bad_magic;
    }
    if (min_reader > current_version) {
        return DecodeError::bad_version;
    }
    if (frame_size != frame.size()) {
        return DecodeError::bad_size;
    }
    return crc == frame_crc(frame) ? DecodeError::none : DecodeError::bad_crc;
}

bool read_text(std::span<const std::byte> frame, std::size_t header_size, const StringRef& ref, std::size_t most,
               Text& text) {
    text = {};
    if (ref.length > most || ref.full_length < ref.length) {
        return false;
    }
    if (ref.length == 0) {
        text.full_length = ref.full_length;
        return true;
    }
    const std::size_t bytes = std::size_t{ref.length} * sizeof(char16_t);
    if (ref.offset % sizeof(char16_t) != 0 || ref.offset < header_size || ref.offset > frame.size() ||
        bytes > frame.size() - ref.offset) {
        return false;
    }
    text.view = {reinterpret_cast<const char16_t*>(frame.data() + ref.offset), ref.length};
    text.full_length = ref.full_length;
    return true;
}

/// Appends strings behind the header.
class StringWriter {
public:
    StringWriter(std::span<std::byte> out, std::size_t used) : out_(out), used_(used) {}

    StringRef add(const Text& text, std::size_t most) {
        const std::size_t length = text.view.size() < most ? text.view.size() : most;
        const std::size_t bytes = length * sizeof(char16_t);
        if (bytes > out_.size() - used_) {
            fits_ = false;
            return {};
        }
        std::size_t full = text.view.size() > text.full_length ? text.view.size() : text.full_length;
        full = full < 0xFFFF ? full : 0xFFFF;
        const StringRef ref{static_cast<std::uint32_t>(length == 0 ? 0 : used_), static_cast<std::uint16_t>(length),
                            static_cast<std::uint16_t>(full)};
        if (bytes != 0) {
            std::memcpy(out_.data() + used_, text.view.data(), bytes);
        }
        used_ += bytes;
        return ref;
    }

    [[nodiscard]] bool fits() const { return fits_; }
    [[nodiscard]] std::size_t used() const { return used_; }

private:
    std::span<std::byte> out_;
    std::size_t used_;
    bool fits_ = true;
};

} // namespace

const char* name_of(DecodeError error) {
    switch (error) {
    case DecodeError::none:
        return "none";
    case DecodeError::too_short:
        return "too short";
    case DecodeError::too_long:
        return "too long";
    case DecodeError::misaligned:
        return "misaligned";
    case DecodeError::bad_magic:
        return "not a frame";
    case DecodeError::bad_version:
        return "of a later version";
    case DecodeError::bad_size:
        return "size fields contradict each other";
    case DecodeError::bad_crc:
        return "checksum does not fit";
    case DecodeError::bad_field:
        return "unknown field value";
    case DecodeError::bad_string:
        return "string out of bounds";
    }
    return "unknown";
}

std::uint32_t crc32(std::uint32_t crc, std::span<const std::byte> bytes) {
    crc = ~crc;
    for (const std::byte byte : bytes) {
        crc ^= std::to_integer<std::uint32_t>(byte);
        crc = (crc >> 4U) ^ crc_table[crc & 0xFU];
        crc = (crc >> 4U) ^ crc_table[crc & 0xFU];
    }
    return ~crc;
}

std::size_t encode(const Request& request, std::span<std::byte> out) {
    if (out.size() > max_frame_size) {
        out = out.first(max_frame_size);
    }
    if (out.size() < sizeof(RequestHeader)) {
        return 0;
    }
    RequestHeader header{};
    StringWriter strings(out, sizeof header);
    header.local = strings.add(request.local, max_local_units);
    header.remote = strings.add(request.remote, max_remote_units);
    header.provider = strings.add(request.provider, max_provider_units);
    header.device = strings.add(request.device, max_device_units);
    if (!strings.fits()) {
        return 0;
    }
    header.magic = request_magic;
    header.frame_size = static_cast<std::uint32_t>(strings.used());
    header.version = current_version;
    header.min_reader = oldest_reader;
    header.header_size = sizeof header;
    header.action = static_cast<std::uint16_t>(request.action);
    header.phase = static_cast<std::uint16_t>(request.phase);
    header.sequence = request.sequence;
    header.producer = request.producer;
    header.operation = request.operation;
    header.time = request.time;
    header.ticks = request.ticks;
    header.status = request.status;
    header.flags = request.flags;
    header.resource_type = request.resource_type;
    header.attributes = request.attributes;
    header.process_id = request.process_id;
    header.thread_id = request.thread_id;

    std::memcpy(out.data(), &header, sizeof header);
    const std::uint32_t crc = frame_crc(out.first(strings.used()));
    std::memcpy(out.data() + crc_offset, &crc, sizeof crc);
    return strings.used();
}

DecodeError decode(std::span<const std::byte> frame, Request& request) {
    if (const DecodeError error = check_envelope(frame, sizeof(RequestHeader), request_magic);
        error != DecodeError::none) {
        return error;
    }
    if (reinterpret_cast<std::uintptr_t>(frame.data()) % alignof(char16_t) != 0) {
        return DecodeError::misaligned;
    }
    RequestHeader header{};
    std::memcpy(&header, frame.data(), sizeof header);
    if (header.header_size < sizeof header || header.header_size > frame.size()) {
        return DecodeError::bad_size;
    }
    const auto action = static_cast<Action>(header.action);
    const auto phase = static_cast<Phase>(header.phase);
    if ((action != Action::connect && action != Action::disconnect) ||
        (phase != Phase::before && phase != Phase::after) || header.operation == 0 || header.sequence == 0) {
        return DecodeError::bad_field;
    }
    if (!read_text(frame, header.header_size, header.local, max_local_units, request.local) ||
        !read_text(frame, header.header_size, header.remote, max_remote_units, request.remote) ||
        !read_text(frame, header.header_size, header.provider, max_provider_units, request.provider) ||
        !read_text(frame, header.header_size, header.device, max_device_units, request.device)) {
        return DecodeError::bad_string;
    }
    request.action = action;
    request.phase = phase;
    request.producer = header.producer;
    request.sequence = header.sequence;
    request.operation = header.operation;
    request.time = header.time;
    request.ticks = header.ticks;
    request.status = header.status;
    request.flags = header.flags;
    request.resource_type = header.resource_type;
    request.attributes = header.attributes;
    request.process_id = header.process_id;
    request.thread_id = header.thread_id;
    return DecodeError::none;
}

void seal(Reply& reply) {
    reply.magic = reply_magic;
    reply.frame_size = sizeof reply;
    reply.version = current_version;
    reply.min_reader = oldest_reader;
    reply.reserved = 0;
    reply.reserved2 = 0;
    reply.crc = 0;
    reply.crc = crc32(0, std::as_bytes(std::span<const Reply, 1>(&reply, 1)));
}

DecodeError decode(std::span<const std::byte> frame, Reply& reply) {
    if (const DecodeError error = check_envelope(frame, sizeof(Reply), reply_magic); error != DecodeError::none) {
        return error;
    }
    std::memcpy(&reply, frame.data(), sizeof reply);
    return DecodeError::none;
}

} // namespace maptrail::wire
