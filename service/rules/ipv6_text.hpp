// An IPv6 address as text (RFC 4291, section 2.2), read by the system's own parser. No look-up, no allocation.
#pragma once

#include "service/rules/subject.hpp"

#include <optional>
#include <string_view>

namespace maptrail::rules {

/// Nothing if the text is none, or has a zone.
[[nodiscard]] std::optional<Address> ipv6_of_text(std::string_view text);

} // namespace maptrail::rules
