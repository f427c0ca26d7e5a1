// Addresses as text. No look-up, no allocation.
#pragma once

#include "service/rules/subject.hpp"

#include <optional>
#include <string_view>

namespace maptrail::rules {

/// Four decimal numbers with dots between them, as ::ffff:0:0/96. Nothing for any other text, as for numbers that begin
/// with a zero: to some they are octal.
[[nodiscard]] std::optional<Address> ipv4_of_text(std::string_view text);

/// RFC 4291, section 2.2, by the system's own parser. Nothing if the text is none, or has a zone.
[[nodiscard]] std::optional<Address> ipv6_of_text(std::string_view text);

} // namespace maptrail::rules
