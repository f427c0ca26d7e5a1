#include "notifyee/delivery.hpp"

#include "notifyee/clock.hpp"
#include "notifyee/state.hpp"

#include "common/wire/codec.hpp"

#include <windows.h>
#include <winnetwk.h>

namespace maptrail::notifyee {

namespace {

/// A later service's reply may be longer than ours.
constexpr std::size_t answer_room = 256;

bool thread_impersonates() {
    HANDLE token = nullptr;
    // As the process, not as the impersonated user, who need not have the right to look.
    if (OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token)) {
        CloseHandle(token);
        return true;
    }
    return GetLastError() != ERROR_NO_TOKEN;
}

/// A kept connection that no other thread has, or null.
KeptConnection* take_kept(State& all) {
    for (KeptConnection& kept : all.connections) {
        if (!kept.taken.exchange(true, std::memory_order_acquire)) {
            return &kept;
        }
    }
    return nullptr;
}

Exchange exchange(Connection& connection, std::span<const std::byte> frame, std::span<std::byte> answer,
                  std::size_t& size, const Deadline& deadline) {
    const bool was_open = connection.is_open();
    Exchange result = was_open ? Exchange::answered : connection.open(deadline);
    if (result == Exchange::answered) {
        result = connection.transact(frame, answer, size, deadline);
    }
    if (result == Exchange::broken && was_open) {
        // Kept across a restart of the service. The frame may have been stored all the same; its number tells the
        // service that it is the same one.
        result = connection.open(deadline);
        if (result == Exchange::answered) {
            result = connection.transact(frame, answer, size, deadline);
        }
    }
    return result;
}

DWORD read_verdict(State& all, std::span<const std::byte> answer, std::uint64_t sequence) {
    wire::Reply reply{};
    if (wire::decode(answer, reply) != wire::DecodeError::none || reply.sequence != sequence ||
        reply.result != static_cast<std::uint16_t>(wire::Result::accepted)) {
        return WN_SUCCESS;
    }
    if (reply.budget_ms >= min_budget_ms && reply.budget_ms <= max_budget_ms) {
        all.budget_ms.store(reply.budget_ms, std::memory_order_relaxed);
    }
    return reply.verdict;
}

} // namespace

std::uint32_t next_operation() {
    State& all = state();
    for (;;) {
        if (const std::uint32_t number = all.operation.fetch_add(1, std::memory_order_relaxed); number != 0) {
            return number;
        }
    }
}

DWORD deliver(wire::Request& request) {
    State& all = state();
    const Deadline deadline(all.budget_ms.load(std::memory_order_relaxed));
    // A thread that acts as somebody else gets a connection of its own: even where context tracking is not honoured,
    // its identity can't stick to the others' calls, nor theirs to its.
    const bool impersonating = thread_impersonates();
    request.producer = all.producer;
    request.sequence = all.sequence.fetch_add(1, std::memory_order_relaxed) + 1;
    request.time = utc_filetime();
    request.ticks = monotonic_100ns();
    request.process_id = GetCurrentProcessId();
    request.thread_id = GetCurrentThreadId();
    request.attributes |= impersonating ? wire::attribute::impersonating : 0;

    alignas(std::uint64_t) std::byte frame[wire::max_frame_size];
    alignas(std::uint64_t) std::byte answer[answer_room];
    const std::size_t frame_size = wire::encode(request, frame);
    std::size_t size = 0;
    Exchange result = Exchange::absent;

    KeptConnection* const kept = impersonating ? nullptr : take_kept(all);
    if (kept != nullptr) {
        result = exchange(kept->connection, {frame, frame_size}, answer, size, deadline);
        kept->taken.store(false, std::memory_order_release);
    } else {
        Connection own;
        result = exchange(own, {frame, frame_size}, answer, size, deadline);
        own.close();
    }
    return result == Exchange::answered ? read_verdict(all, std::span(answer).first(size), request.sequence)
                                        : WN_SUCCESS;
}

} // namespace maptrail::notifyee
