// From the listener to the inbox: a frame is checked, judged and put where it survives, before its sender has a reply.
#pragma once

#include "service/inbox/inbox.hpp"
#include "service/listen/listener.hpp"

#include <atomic>
#include <cstdint>

namespace maptrail {

class Intake final : public FrameHandler {
public:
    /// `inbox` must outlive it. `budget_ms` goes out with each reply.
    Intake(Inbox& inbox, std::uint32_t budget_ms);

    void handle(std::span<const std::byte> frame, const CallerCache& caller, wire::Reply& reply) override;

private:
    Inbox& inbox_;
    std::uint32_t budget_ms_;
};

} // namespace maptrail
