#include "service/listen/intake.hpp"

#include "common/wire/codec.hpp"
#include "service/inbox/append_frame.hpp"
#include "service/inbox/group_set_record.hpp"

#include <chrono>

namespace maptrail {

namespace {

constexpr std::size_t most_known_groups = 65'536;
// The history keeps each set for ever, and a program can make itself tokens with ever other ones.
constexpr std::uint32_t most_new_groups_a_day = 50;

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

/// Before the first frame that names them. Not of each set anew: it may be kilobytes. False: the history will not know
/// which groups the caller was in, by which it is judged all the same.
bool Intake::tell_groups(const CallerCache& caller) {
    if (caller.group_set == 0) {
        return false;
    }
    {
        const std::scoped_lock lock(mutex_);
        const auto found = groups_.find(caller.group_set);
        if (found != groups_.end() && found->second) {
            return true;
        }
        if (found == groups_.end()) {
            if (!new_groups_.ask(caller.identity->user_sid, most_new_groups_a_day, std::chrono::hours(24)).allowed) {
                return false;
            }
            if (groups_.size() >= most_known_groups) {
                groups_.clear();
            }
            groups_.emplace(caller.group_set, false);
        }
    }
    const std::vector<std::byte> record = encode_group_set({caller.group_set, caller.groups});
    if (record.empty() || !inbox_.append(record)) {
        return false;
    }
    const std::scoped_lock lock(mutex_);
    groups_[caller.group_set] = true;
    return true;
}

} // namespace maptrail
