#include "service/listen/intake.hpp"

#include "common/wire/codec.hpp"
#include "service/inbox/append_frame.hpp"

#include <chrono>

namespace maptrail {

namespace {

std::int64_t now() {
    using namespace std::chrono;
    return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace

void Intake::handle(std::span<const std::byte> frame, const CallerCache& caller, wire::Reply& reply) {
    const auto answer = [&](wire::Result result) { reply.result = static_cast<std::uint16_t>(result); };
    wire::Request request;
    if (wire::decode(frame, request) != wire::DecodeError::none) {
        answer(wire::Result::refused_malformed);
        return;
    }
    reply.sequence = request.sequence;

    const std::int64_t received = now();
    const ClientProcess nobody;
    const ClientProcess& process = caller.process ? *caller.process : nobody;
    Judge::Turn turn(judge_);
    // What a rule's command does is recorded and not judged: else a rule could feed itself.
    const Verdict verdict =
        caller.own ? Verdict{}
                   : turn.judge(request, Source::pipe, {*caller.identity, process, &caller.groups, received});
    Arrival arrival = make_arrival(*caller.identity, process, Source::pipe, verdict.decision, received);
    arrival.judgement = verdict.record;
    // It was judged by its groups whether the history may know them or not.
    if (!group_sets_.tell(caller.identity->user_sid, caller.group_set, caller.groups)) {
        arrival.group_set = 0;
    }
    reply.verdict = verdict.status; // also of a frame that finds no room: its sender keeps it, and obeys
    switch (append_frame(inbox_, arrival, frame)) {
    case Appended::stored:
        return answer(wire::Result::accepted);
    case Appended::no_room:
        return answer(wire::Result::refused_full);
    case Appended::unfit:
        reply.verdict = 0;
        return answer(wire::Result::refused_malformed);
    }
}

} // namespace maptrail
