// One instance of the notify pipe and the one operation that it waits for.
#pragma once

#include "common/win32/handle.hpp"
#include "common/wire/frame.hpp"
#include "service/identity/caller_source.hpp"

#include <windows.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace maptrail {

enum class InstanceState {
    connecting, ///< waits for a client
    reading,    ///< waits for a frame
    discarding, ///< reads what is left of a message that is too long for a frame
};

/// Owned by the listener, which frees it once no operation is under way: the system writes into it until then.
struct PipeInstance {
    OVERLAPPED overlapped{}; // the first member: a completion packet leads back to its instance
    win32::Handle pipe;
    win32::Handle written; ///< set when a reply is in the pipe
    InstanceState state = InstanceState::connecting;
    CallerCache caller;
    unsigned refused = 0;                    ///< messages of this client that were no frames or nobody's
    std::atomic<std::uint64_t> last_used{0}; ///< the later, the greater
    std::atomic<bool> evicted{false};        ///< is to be hung up whatever its operation brings
    std::optional<std::uint64_t> process;    ///< that it was admitted for; Instances' own
    wire::Reply reply{};
    alignas(std::uint64_t) std::array<std::byte, wire::max_frame_size> frame{};

    [[nodiscard]] static PipeInstance* of(OVERLAPPED* operation) { return reinterpret_cast<PipeInstance*>(operation); }
};

} // namespace maptrail
