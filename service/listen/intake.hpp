// From the listener to the inbox: a frame is checked, judged and put where it survives, before its sender has a reply.
#pragma once

#include "service/inbox/inbox.hpp"
#include "service/listen/listener.hpp"

#include <atomic>
#include <cstdint>

namespace maptrail {

class Intake final : public FrameHandler {
public:
    /// `inbox` must outlive it.
    explicit Intake(Inbox& inbox) : inbox_(inbox) {}

    void handle(std::span<const std::byte> frame, const CallerCache& caller, wire::Reply& reply) override;

private:
    Inbox& inbox_;
};

} // namespace maptrail
