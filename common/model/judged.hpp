// What the rules said of a notification, as it is recorded: by name, so that it reads the same after the rules change.
#pragma once

#include "common/wire/frame.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace maptrail {

/// SHA-256 of a configuration as it was loaded. All zero: none.
using ConfigVersion = std::array<std::uint8_t, 32>;

/// How records name a version: its first eight bytes, as a number whose hexadecimal digits are the hash's first ones.
[[nodiscard]] constexpr std::uint64_t short_version(const ConfigVersion& version) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i) {
        value = (value << 8U) | version[i];
    }
    return value;
}

/// What a rule does. Bits; the numbers are stored.
namespace effect {
inline constexpr std::uint16_t deny = 1U << 0;
inline constexpr std::uint16_t allow = 1U << 1;
inline constexpr std::uint16_t tag = 1U << 2;
inline constexpr std::uint16_t severity = 1U << 3;
inline constexpr std::uint16_t log = 1U << 4;
inline constexpr std::uint16_t run = 1U << 5;
inline constexpr std::uint16_t drop = 1U << 6;
} // namespace effect

/// A rule that matched.
struct MatchedRule {
    std::string name;
    wire::Phase phase = wire::Phase::before; ///< of the notification that it matched
    bool audit = false;                      ///< its effects are what would have been done
    std::uint16_t effects = 0;               ///< of namespace effect
    std::uint8_t severity = 0;               ///< 1 to 100; 0 if it says none
    std::vector<std::string> tags;
    std::string technique; ///< MITRE ATT&CK id; may be empty

    bool operator==(const MatchedRule&) const = default;
};

/// Of one notification, or of both of an operation.
struct Judged {
    std::vector<MatchedRule> rules;  ///< in the order of the configuration, those of the before-call first
    bool more = false;               ///< others matched that were not recorded: there is a bound
    bool would_deny = false;         ///< a rule in audit mode, or too late to be obeyed, says deny
    std::uint32_t denied_status = 0; ///< what the caller was told, or would have been; 0 without a denial

    bool operator==(const Judged&) const = default;
};

} // namespace maptrail
