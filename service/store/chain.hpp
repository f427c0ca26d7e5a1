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

/// One entry, less its own hash.
struct ChainEntry {
    std::uint64_t number = 0;
    std::int64_t operation = 0; ///< 0: it tells of operations that were removed
    std::int64_t time = 0;      ///< when it was made; nanoseconds since 1970, UTC
    Sha256 content{};           ///< hash of the operation's row, or of the list of those that were removed
};

/// The entry's own hash: over all of it and the hash of the entry before.
[[nodiscard]] Sha256 link_hash(Sha256Hasher& hasher, const ChainEntry& entry, const Sha256& previous);

/// A hash that a column holds. What is none, in a doctored database, gives one that fits nothing.
[[nodiscard]] Sha256 hash_in(const Statement& row, int column);

/// Where the chain begins after retention cut off what lay before.
struct ChainStump {
    ChainHead last;        ///< that was cut off
    std::int64_t time = 0; ///< when
};

/// Nothing of a chain that is there from its first entry on.
[[nodiscard]] std::optional<ChainStump> read_stump(Database& database);
void write_stump(Database& database, const ChainStump& stump);

/// The last entry, or where the next one goes on. Throws SqliteError.
[[nodiscard]] ChainHead read_head(Database& database);

} // namespace maptrail
