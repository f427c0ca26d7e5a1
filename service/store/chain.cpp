#include "service/store/chain.hpp"

#include "service/store/database.hpp"
#include "service/store/statement.hpp"
#include "service/text/hex.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace maptrail {

Sha256 hash_in(const Statement& row, int column) {
    Sha256 hash{};
    const auto bytes = row.bytes(column);
    if (bytes.size() == hash.size()) {
        std::ranges::copy(bytes, hash.begin());
    }
    return hash;
}

std::string head_text(const ChainHead& head) {
    return std::to_string(head.number) + ":" + hex_bytes(head.hash);
}

std::optional<ChainHead> head_from_text(std::string_view text) {
    ChainHead head;
    if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
        const char* const end = text.data() + colon;
        const auto [read_to, error] = std::from_chars(text.data(), end, head.number);
        if (error != std::errc{} || read_to != end || head.number == 0) {
            return std::nullopt;
        }
        text.remove_prefix(colon + 1);
    }
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
    return read_hex(lower, head.hash) ? std::optional(head) : std::nullopt;
}

Sha256 link_hash(Sha256Hasher& hasher, const ChainEntry& entry, const Sha256& previous) {
    std::array<std::uint8_t, 3 * sizeof(std::uint64_t) + 2 * sizeof(Sha256)> bytes{};
    auto to = std::ranges::copy(previous, bytes.begin()).out;
    for (const std::uint64_t number :
         {entry.number, static_cast<std::uint64_t>(entry.operation), static_cast<std::uint64_t>(entry.time)}) {
        for (unsigned shift = 0; shift < 64; shift += 8) {
            *to++ = static_cast<std::uint8_t>(number >> shift);
        }
    }
    std::ranges::copy(entry.content, to);
    return hasher(bytes);
}

ChainHead read_head(Database& database) {
    Statement last(database, "SELECT number, hash FROM seal ORDER BY number DESC LIMIT 1", Statement::Life::once);
    return last.step() ? ChainHead{last.bits(0), hash_in(last, 1)} : ChainHead{};
}

} // namespace maptrail
