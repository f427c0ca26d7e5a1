#include "service/listen/intake.hpp"

#include "common/wire/codec.hpp"
#include "service/inbox/append_frame.hpp"
#include "service/inbox/group_set_record.hpp"

#include <chrono>

namespace maptrail {

namespace {

constexpr std::size_t most_told_groups = 65'536;

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
    if (!tell_groups(caller)) {
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

/// Before the first frame that names them. Not of each set anew: it may be kilobytes.
bool Intake::tell_groups(const CallerCache& caller) {
    if (caller.group_set == 0) {
        return false;
    }
    {
        const std::scoped_lock lock(mutex_);
        if (told_groups_.contains(caller.group_set)) {
            return true;
        }
    }
    const std::vector<std::byte> record = encode_group_set({caller.group_set, caller.groups});
    if (record.empty() || !inbox_.append(record)) {
        return false;
    }
    const std::scoped_lock lock(mutex_);
    if (told_groups_.size() >= most_told_groups) {
        told_groups_.clear();
    }
    told_groups_.insert(caller.group_set);
    return true;
}

} // namespace maptrail
