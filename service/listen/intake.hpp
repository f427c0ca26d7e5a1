// From the listener to the inbox: a frame is checked, judged and put where it survives, before its sender has a reply.
#pragma once

#include "service/inbox/group_set_teller.hpp"
#include "service/inbox/inbox.hpp"
#include "service/judge/judge.hpp"
#include "service/listen/listener.hpp"

namespace maptrail {

class Intake final : public FrameHandler {
public:
    /// `inbox` and `judge` must outlive it.
    Intake(Inbox& inbox, Judge& judge) : inbox_(inbox), judge_(judge), group_sets_(inbox) {}

    void handle(std::span<const std::byte> frame, const CallerCache& caller, wire::Reply& reply) override;

private:
    Inbox& inbox_;
    Judge& judge_;
    GroupSetTeller group_sets_;
};

} // namespace maptrail
