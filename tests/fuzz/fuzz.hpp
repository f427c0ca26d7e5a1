// What every fuzz target uses. A target is one function that libFuzzer, or the replay of a corpus, calls with bytes.
#pragma once

#include "common/wire/codec.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace maptrail::fuzz {

/// Ends the program where a promise does not hold.
inline void check(bool holds, const char* promise) {
    if (!holds) {
        std::fprintf(stderr, "broken: %s\n", promise);
        std::abort();
    }
}

template <class T>
T read_at(std::span<const std::byte> bytes, std::size_t offset) {
    T value{};
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

template <class T>
void write_at(std::span<std::byte> bytes, std::size_t offset, const T& value) {
    std::memcpy(bytes.data() + offset, &value, sizeof value);
}

/// No mutation finds a right checksum. So each target reads its bytes as they are, and again as somebody would send
/// them who knows the format: with magic, size and checksum that fit the rest. This does it for a request or a reply.
inline void make_frame_fit(std::span<std::byte> frame, std::uint32_t magic) {
    constexpr std::size_t crc_at = offsetof(wire::RequestHeader, crc);
    if (frame.size() < crc_at + sizeof(std::uint32_t)) {
        return;
    }
    write_at(frame, offsetof(wire::RequestHeader, magic), magic);
    write_at(frame, offsetof(wire::RequestHeader, frame_size), static_cast<std::uint32_t>(frame.size()));
    write_at(frame, crc_at, std::uint32_t{0});
    write_at(frame, crc_at, wire::crc32(0, frame));
}

/// A copy of just this size, so that the sanitizer sees a read past its end.
inline std::vector<std::byte> copy_of(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    return {bytes.begin(), bytes.end()};
}

} // namespace maptrail::fuzz
