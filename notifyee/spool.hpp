// The second way to the service: a file that it collects.
#pragma once

#include "notifyee/clock.hpp"
#include "notifyee/settings.hpp"
#include "notifyee/token.hpp"

#include "common/wire/policy_page.hpp"

#include <windows.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace maptrail::notifyee {

/// What the process has in the spool, as far as it knows: a file that was collected gives its room back when it is
/// noticed.
struct SpoolUse {
    std::atomic<std::uint32_t> bytes{0};
};

/// One spool file, made with the first frame and followed by a new one when it is full or collected. Not for two
/// threads at once. No destructor closes it, as with Connection.
class SpoolFile {
public:
    [[nodiscard]] bool is_open() const { return file_ != nullptr; }

    /// Appends the frame. False: there is no room, or the folder can't be written; the frame is lost, and its number
    /// tells so. A new file belongs to the user that the calling thread acts for.
    bool append(const Place& place, const wire::Policy& policy, SpoolUse& use,
                std::span<const std::uint8_t, 16> producer, const ThreadToken& who, std::span<const std::byte> frame,
                const Deadline& deadline);

    void close();

private:
    bool put(const Place& place, std::span<const std::uint8_t, 16> producer, const ThreadToken& who,
             std::span<const std::byte> frame, const Deadline& deadline);
    bool create(const Place& place, std::span<const std::uint8_t, 16> producer, const ThreadToken& who,
                const Deadline& deadline);
    bool write(std::span<const std::byte> bytes, const Deadline& deadline);
    [[nodiscard]] bool is_claimed(const Deadline& deadline) const;

    HANDLE file_ = nullptr;
    std::uint32_t used_ = 0;
};

} // namespace maptrail::notifyee
