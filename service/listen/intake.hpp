// From the listener to the inbox: a frame is checked, judged and put where it survives, before its sender has a reply.
#pragma once

#include "service/inbox/inbox.hpp"
#include "service/judge/judge.hpp"
#include "service/listen/listener.hpp"
#include "service/throttle/throttle.hpp"

#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace maptrail {

class Intake final : public FrameHandler {
public:
    /// `inbox` and `judge` must outlive it.
    Intake(Inbox& inbox, Judge& judge) : inbox_(inbox), judge_(judge) {}

    void handle(std::span<const std::byte> frame, const CallerCache& caller, wire::Reply& reply) override;

private:
    [[nodiscard]] bool tell_groups(const CallerCache& caller);

    Inbox& inbox_;
    Judge& judge_;
    std::mutex mutex_;                               ///< of what follows
    std::unordered_map<std::uint64_t, bool> groups_; ///< sets that may be told, and whether they were
    Throttle new_groups_;                            ///< by user
};

} // namespace maptrail
