#include "service/text/hex.hpp"

namespace maptrail {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

} // namespace

std::string hex_bytes(std::span<const std::uint8_t> bytes) {
    std::string text;
    text.reserve(2 * bytes.size());
    for (const std::uint8_t byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

bool read_hex(std::string_view text, std::span<std::uint8_t> bytes) {
    if (text.size() != 2 * bytes.size()) {
        return false;
    }
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::size_t high = digits.find(text[2 * i]);
        const std::size_t low = digits.find(text[2 * i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) {
            return false;
        }
        bytes[i] = static_cast<std::uint8_t>((high << 4U) | low);
    }
    return true;
}

std::optional<std::array<std::uint8_t, 16>> bytes_of_hex(std::string_view text) {
    std::array<std::uint8_t, 16> bytes{};
    return read_hex(text, bytes) ? std::optional(bytes) : std::nullopt;
}

} // namespace maptrail
