#include "service/listen/intake.hpp"

#include "common/wire/codec.hpp"
#include "service/inbox/envelope.hpp"

#include <chrono>
#include <vector>

namespace maptrail {

namespace {

std::int64_t now() {
    using namespace std::chrono;
    return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace

Intake::Intake(Inbox& inbox, std::uint32_t budget_ms) : inbox_(inbox), budget_ms_(budget_ms) {}

void Intake::handle(std::span<const std::byte> frame, const CallerCache& caller, wire::Reply& reply) {
    const auto answer = [&](wire::Result result) { reply.result = static_cast<std::uint16_t>(result); };
    wire::Request request;
    if (wire::decode(frame, request) != wire::DecodeError::none) {
        answer(wire::Result::refused_malformed);
        return;
    }
    reply.sequence = request.sequence;
    reply.budget_ms = budget_ms_;

    // One buffer for each of the listener's threads: an envelope is up to 33 KB, and nearly always 300 bytes.
    thread_local std::vector<std::byte> head(max_envelope_head);
    const ClientProcess nobody;
    const ClientProcess& process = caller.process ? *caller.process : nobody;
    const Arrival arrival = make_arrival(*caller.identity, process, Source::pipe, Decision::allow, now());
    const std::size_t size = encode_envelope(arrival, frame.size(), head);
    if (size == 0) {
        answer(wire::Result::refused_malformed);
        return;
    }
    answer(inbox_.append(std::span(head).first(size), frame) ? wire::Result::accepted : wire::Result::refused_full);
}

} // namespace maptrail
