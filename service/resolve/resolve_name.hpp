// What the system says of a server's name: hosts file, DNS, and what else it asks.
#pragma once

#include "service/resolve/address_resolver.hpp"

#include <string>
#include <vector>

namespace maptrail {

/// IPv4 addresses as ::ffff:0:0/96. Any thread; takes as long as the system's own look-ups do.
[[nodiscard]] std::vector<rules::Address> resolve_name(const std::string& server);

} // namespace maptrail
