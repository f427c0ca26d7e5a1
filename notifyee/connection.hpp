// One connection to the service's notify pipe.
#pragma once

#include "notifyee/clock.hpp"

#include <windows.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace maptrail::notifyee {

enum class Exchange {
    answered,
    absent,    ///< nobody listens on the pipe, or not the service
    broken,    ///< the other end went away: a service that was restarted, most likely
    timed_out, ///< no answer within the deadline
};

/// Not for two threads at once. No destructor closes it: the one global array of these must not need the C runtime.
class Connection {
public:
    [[nodiscard]] bool is_open() const { return pipe_ != nullptr; }

    /// Connects within the deadline and makes sure that the other end is the service, whose process id is
    /// `service_id` unless that is 0.
    Exchange open(std::uint32_t service_id, const Deadline& deadline);

    /// Sends one frame and waits for one answer; `size` becomes the answer's. Anything but `answered` closes the
    /// connection: an answer that comes late must not be taken for the next one's.
    Exchange transact(std::span<const std::byte> frame, std::span<std::byte> answer, std::size_t& size,
                      const Deadline& deadline);

    void close();

private:
    Exchange connect(const Deadline& deadline);
    [[nodiscard]] bool server_is_trusted(std::uint32_t service_id) const;

    HANDLE pipe_ = nullptr;
    HANDLE event_ = nullptr;
};

} // namespace maptrail::notifyee
