// Damaged bytes are kept for whoever wants to know what was lost.
#pragma once

#include "service/inbox/recovery.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

namespace maptrail::inbox {

/// Writes to <inbox>.quarantine-<n>, the first n that is free: for each gap its position and length (64 bits each, in
/// the byte order of the machine) and its bytes. Never throws: what cannot be kept is still counted by the caller.
class Quarantine {
public:
    explicit Quarantine(std::filesystem::path inbox) : inbox_(std::move(inbox)) {}

    /// True if the bytes were kept.
    bool keep(const Ring& ring, const Gap& gap);

    /// The same for a record that was read, and is none to its reader. `position` is where it lay.
    bool keep(std::uint64_t position, std::span<const std::byte> record, std::uint64_t most);

    /// Moves the whole inbox file aside. True if it was.
    bool keep_file();

private:
    [[nodiscard]] std::optional<std::filesystem::path> free_name() const;
    [[nodiscard]] bool has_room(std::uint64_t size, std::uint64_t most);

    static constexpr int max_files = 16;
    std::filesystem::path inbox_;
    std::optional<std::filesystem::path> file_;
    std::uint64_t kept_ = 0;
};

} // namespace maptrail::inbox
