// The codec of a DLL one version newer: frames of version 2, whose header is 16 bytes longer. Everything else is the
// product's; this file stands in for common/wire/codec.cpp.
#include "common/wire/codec.hpp"

#define encode encode_today
#include "common/wire/codec.cpp"
#undef encode

namespace maptrail::wire {

namespace {

constexpr std::size_t more = 16;

void shift(StringRef& ref) {
    if (ref.length != 0) {
        ref.offset += more;
    }
}

} // namespace

std::size_t encode(const Request& request, std::span<std::byte> out) {
    const std::size_t size = encode_today(request, out);
    if (size == 0 || size + more > out.size() || size + more > max_frame_size) {
        return 0;
    }
    RequestHeader header{};
    std::memcpy(&header, out.data(), sizeof header);
    std::memmove(out.data() + sizeof header + more, out.data() + sizeof header, size - sizeof header);
    std::memset(out.data() + sizeof header, 0x5A, more);
    header.frame_size += static_cast<std::uint32_t>(more);
    header.version = current_version + 1;
    header.header_size = static_cast<std::uint16_t>(header.header_size + more);
    shift(header.local);
    shift(header.remote);
    shift(header.provider);
    shift(header.device);
    header.crc = 0;
    std::memcpy(out.data(), &header, sizeof header);
    const std::uint32_t crc = crc32(0, out.first(size + more));
    std::memcpy(out.data() + crc_offset, &crc, sizeof crc);
    return size + more;
}

} // namespace maptrail::wire
