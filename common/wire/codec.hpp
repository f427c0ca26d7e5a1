// Frames to bytes and back. No allocation, no exceptions, no C runtime: the notifyee links it.
#pragma once

#include "common/wire/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace maptrail::wire {

enum class DecodeError {
    none,
    too_short,
    too_long,
    misaligned, ///< the buffer does not start at an even address
    bad_magic,
    bad_version, ///< the writer says that this reader is too old
    bad_size,    ///< a size field contradicts the buffer
    bad_crc,
    bad_field,  ///< unknown action or phase, zero operation or sequence
    bad_string, ///< a string lies outside the frame, is longer than allowed, or overlaps the header
};

[[nodiscard]] const char* name_of(DecodeError error);

/// CRC-32 (IEEE 802.3, reflected), continued from `crc`; start with 0.
[[nodiscard]] std::uint32_t crc32(std::uint32_t crc, std::span<const std::byte> bytes);

/// Writes the frame into `out`, which max_frame_size always suffices for. Strings over their bound are cut.
/// Returns the frame's size in bytes; 0 if `out` is too small.
[[nodiscard]] std::size_t encode(const Request& request, std::span<std::byte> out);

/// Reads a frame. Total: any bytes give a request or an error. On success the request's views point into `frame`.
[[nodiscard]] DecodeError decode(std::span<const std::byte> frame, Request& request);

/// Fills in magic, sizes, version and CRC.
void seal(Reply& reply);

/// Reads a reply of this or a later version. `reply` is unspecified on error.
[[nodiscard]] DecodeError decode(std::span<const std::byte> frame, Reply& reply);

} // namespace maptrail::wire
