// The words that stand for the model's values in every output format, in the control protocol and on the command line.
#pragma once

#include "common/model/operation.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maptrail {

[[nodiscard]] std::string_view word_of(Action value);     ///< connect, disconnect, loss
[[nodiscard]] std::string_view word_of(Outcome value);    ///< success, failure, denied, unknown (pending too)
[[nodiscard]] std::string_view word_of(Source value);     ///< pipe, spool
[[nodiscard]] std::string_view word_of(Decision value);   ///< allow, deny
[[nodiscard]] std::string_view word_of(LossKind value);   ///< gap, damaged, refused
[[nodiscard]] std::string_view word_of(RemoteFrom value); ///< call, device, record; empty for none

[[nodiscard]] std::string_view word_of(SessionType value); ///< console, remote, service; empty for unknown

/// The other way, in any case of the letters; nothing for any other word.
[[nodiscard]] std::optional<Action> action_of(std::string_view word);
[[nodiscard]] std::optional<Outcome> outcome_of(std::string_view word);
[[nodiscard]] std::optional<Source> source_of(std::string_view word);
[[nodiscard]] std::optional<Decision> decision_of(std::string_view word);
[[nodiscard]] std::optional<LossKind> loss_kind_of(std::string_view word);
[[nodiscard]] std::optional<RemoteFrom> remote_from_of(std::string_view word);
[[nodiscard]] std::optional<SessionType> session_type_of(std::string_view word);

/// "CORP\jane", or the SID; empty if neither is known.
[[nodiscard]] std::string who_text(const Identity& identity);

/// any, disk, print; "0x5" for a type that has no word.
[[nodiscard]] std::string resource_type_word(std::uint32_t type);
[[nodiscard]] std::optional<std::uint32_t> resource_type_of(std::string_view word);

/// CONNECT_ flags in lower case without the prefix; CONNECT_UPDATE_PROFILE is "persistent", as people say of a
/// mapping that comes back at logon. A bit without a word is given as "0x80000".
[[nodiscard]] std::vector<std::string> flag_words(std::uint32_t flags);
[[nodiscard]] std::optional<std::uint32_t> flag_of(std::string_view word);

/// low, medium, medium_plus, high, system, protected, untrusted; "0x1234" for a level between them.
[[nodiscard]] std::string integrity_word(std::uint32_t rid);
[[nodiscard]] std::optional<std::uint32_t> integrity_of(std::string_view word);

/// "0x3e7".
[[nodiscard]] std::string hex_text(std::uint64_t value);

/// A decimal number, or a hexadecimal one after "0x", that fits; nothing else.
[[nodiscard]] std::optional<std::uint64_t> number_of(std::string_view text, std::uint64_t most);

} // namespace maptrail
