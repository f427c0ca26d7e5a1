// Sixteen bytes, an id, as text.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace maptrail {

/// 32 hexadecimal digits, lower case.
[[nodiscard]] std::string hex_bytes(const std::array<std::uint8_t, 16>& bytes);

/// The other way; nothing for any other text.
[[nodiscard]] std::optional<std::array<std::uint8_t, 16>> bytes_of_hex(std::string_view text);

} // namespace maptrail
