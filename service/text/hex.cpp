#include "service/text/hex.hpp"

namespace maptrail {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

} // namespace

std::string hex_bytes(const std::array<std::uint8_t, 16>& bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

std::optional<std::array<std::uint8_t, 16>> bytes_of_hex(std::string_view text) {
    std::array<std::uint8_t, 16> bytes{};
    if (text.size() != 2 * bytes.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::size_t high = digits.find(text[2 * i]);
        const std::size_t low = digits.find(text[2 * i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) {
            return std::nullopt;
        }
        bytes[i] = static_cast<std::uint8_t>((high << 4U) | low);
    }
    return bytes;
}

} // namespace maptrail
