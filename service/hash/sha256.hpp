// SHA-256 by the system's own library: CNG on Windows, OpenSSL elsewhere.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace maptrail {

using Sha256 = std::array<std::uint8_t, 32>;

/// Throws std::runtime_error if the system's library fails.
[[nodiscard]] Sha256 sha256(std::string_view bytes);

} // namespace maptrail
