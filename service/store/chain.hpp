// The chain over the history: each record's entry carries a hash over its content and over the entry before it.
#pragma once

#include "service/hash/sha256.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace maptrail {

class Database;
class Statement;

/// Entries have the numbers 1, 2, 3... Number 0: there is none yet.
struct ChainHead {
    std::uint64_t number = 0;
    Sha256 hash{};

    bool operator==(const ChainHead&) const = default;
};

/// "NUMBER:HASH", as it is told, and kept elsewhere.
[[nodiscard]] std::string head_text(const ChainHead& head);

/// Reads that, or the hash alone: its number is 0 then. Nothing for any other text.
[[nodiscard]] std::optional<ChainHead> head_from_text(std::string_view text);

/// In the place of an operation's id: the entry has a note instead, and its content is the note's hash.
namespace note {
inline constexpr std::int64_t removals = 0;     ///< the operations that were removed, see id_list.hpp
inline constexpr std::int64_t beginning = -1;   ///< where the chain begins, see chain_beginning.hpp
inline constexpr std::int64_t alterations = -2; ///< operations that were found to be not as they had been sealed
inline constexpr std::int64_t incident = -3;    ///< what else was found that MapTrail had not done, as a JSON text
} // namespace note

/// One entry, less its own hash.
struct ChainEntry {
    std::uint64_t number = 0;
    std::int64_t operation = 0; ///< or which note it has
    std::int64_t time = 0;      ///< when it was made; nanoseconds since 1970, UTC
    Sha256 content{};           ///< hash of the operation's row, or of the note
};

/// The entry's own hash: over all of it and the hash of the entry before.
[[nodiscard]] Sha256 link_hash(Sha256Hasher& hasher, const ChainEntry& entry, const Sha256& previous);

/// A hash that a column holds. What is none, in a doctored database, gives one that fits nothing.
[[nodiscard]] Sha256 hash_in(const Statement& row, int column);

/// The last entry. Throws SqliteError.
[[nodiscard]] ChainHead read_head(Database& database);

} // namespace maptrail
