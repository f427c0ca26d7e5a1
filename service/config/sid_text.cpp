#include "service/config/sid_text.hpp"

#include "service/format/words.hpp"

#include <cstdint>

namespace maptrail::config {
namespace {

constexpr std::string_view start = "S-1-";

} // namespace

bool is_sid(std::string_view text) {
    constexpr std::uint64_t most_authority = (std::uint64_t{1} << 48U) - 1;
    constexpr std::uint64_t most_part = 0xFFFF'FFFF;
    constexpr int most_parts = 16; // the authority and 15 more
    if (!text.starts_with(start) || text.find_first_not_of("0123456789-", start.size()) != std::string_view::npos) {
        return false;
    }
    text.remove_prefix(start.size());
    for (int part = 0; part < most_parts; ++part) {
        const std::size_t dash = text.find('-');
        if (!number_of(text.substr(0, dash), part == 0 ? most_authority : most_part)) {
            return false;
        }
        if (dash == std::string_view::npos) {
            return part > 0;
        }
        text.remove_prefix(dash + 1);
    }
    return false;
}

bool is_sid_pattern(std::string_view text) {
    const bool wild = text.find_first_of("*?") != std::string_view::npos;
    return wild ? text.starts_with(start) &&
                      text.find_first_not_of("0123456789-*?", start.size()) == std::string_view::npos
                : is_sid(text);
}

} // namespace maptrail::config
