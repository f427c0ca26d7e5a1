// Addresses and networks as config.json names them.
#pragma once

#include "service/rules/rule.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maptrail::config {

/// The networks of a word: loopback, linkLocal, private, public; nothing for any other. "public" is all that is in none
/// of the other three, cut into as few networks as that takes, in order and apart from each other. So an address of
/// which nothing better is known (multicast, a translated one such as 64:ff9b::/96) is public, too.
[[nodiscard]] const std::vector<rules::Network>* networks_of(std::string_view word);

/// An address, or a network such as 10.0.0.0/8 or fd00::/8; nothing for any other text. Bits of the address beyond the
/// network are cleared.
[[nodiscard]] std::optional<rules::Network> parse_network(std::string_view text);

/// "10.0.0.0/8"; an address alone where all bits count.
[[nodiscard]] std::string network_text(const rules::Network& network);

} // namespace maptrail::config
