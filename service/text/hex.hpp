// Bytes, an id or a hash, as text.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace maptrail {

/// Two hexadecimal digits to a byte, lower case.
[[nodiscard]] std::string hex_bytes(std::span<const std::uint8_t> bytes);

/// The other way, for so many bytes. False for any other text.
[[nodiscard]] bool read_hex(std::string_view text, std::span<std::uint8_t> bytes);

/// The same for an id.
[[nodiscard]] std::optional<std::array<std::uint8_t, 16>> bytes_of_hex(std::string_view text);

} // namespace maptrail
