// Where spool files go whose bytes are no notifications, for whoever wants to know what was lost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

namespace maptrail::spool {

/// Users choose what comes here, so there is only so much room. Looks at the folder each time: an administrator who
/// empties it makes room.
class Quarantine {
public:
    static constexpr std::size_t most_files = 64;
    static constexpr std::uint64_t most_bytes = std::uint64_t{64} << 20U;

    /// The folder is there, or every place is refused.
    explicit Quarantine(std::filesystem::path folder) : folder_(std::move(folder)) {}

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

    /// A free name for a file of that size, `name` if possible. Nothing: there is no room.
    [[nodiscard]] std::optional<std::filesystem::path> place_for(const std::filesystem::path& name,
                                                                 std::uint64_t size) const;

    /// Writes a new file. False, with nothing left of it, if the disk does not take it.
    [[nodiscard]] static bool keep(const std::filesystem::path& place, std::span<const std::byte> bytes);

private:
    std::filesystem::path folder_;
};

} // namespace maptrail::spool
