#include "notifyee/delivery.hpp"

#include "notifyee/clock.hpp"
#include "notifyee/state.hpp"
#include "notifyee/token.hpp"

#include "common/wire/codec.hpp"

#include <windows.h>
#include <winnetwk.h>

namespace maptrail::notifyee {

namespace {

/// A later service's reply may be longer than ours.
constexpr std::size_t answer_room = 256;

/// After a budget that was spent in vain, the process asks nobody for so long, in 100 ns units: a service that hangs
/// costs one call its budget, not every call.
constexpr std::uint64_t back_off = 1 * 10'000'000;

/// The rest of the budget is the spool's.
constexpr std::uint32_t pipe_share(std::uint32_t budget_ms) {
    return budget_ms - budget_ms / 5;
}

/// What came of asking the service.
struct Answer {
    bool receipt = false; ///< the service has the frame
    bool verdict = false; ///< and has judged it
    DWORD status = WN_SUCCESS;
};

/// A channel that no other thread has, or null.
Channel* take_kept(State& all) {
    for (Channel& channel : all.channels) {
        if (!channel.taken.exchange(true, std::memory_order_acquire)) {
            return &channel;
        }
    }
    return nullptr;
}

/// Inside the service there is nobody to tell. Its number alone may belong to another process by now.
bool is_service(const wire::Policy& policy) {
    FILETIME created{};
    FILETIME unused{};
    return policy.service_id == GetCurrentProcessId() &&
           GetProcessTimes(GetCurrentProcess(), &created, &unused, &unused, &unused) &&
           policy.service_started == ((std::uint64_t{created.dwHighDateTime} << 32U) | created.dwLowDateTime);
}

/// Of the threads that find the back-off over, one may ask; the others' turn is when it was answered.
bool may_ask(State& all, std::uint64_t now) {
    std::uint64_t until = all.silent_until.load(std::memory_order_relaxed);
    return until == 0 ||
           (now >= until && all.silent_until.compare_exchange_strong(until, now + back_off, std::memory_order_relaxed));
}

Exchange exchange(Connection& connection, const wire::Policy& policy, std::span<const std::byte> frame,
                  std::span<std::byte> answer, std::size_t& size, const Deadline& deadline) {
    const bool was_open = connection.is_open();
    Exchange result = was_open ? Exchange::answered : connection.open(policy.service_id, deadline);
    if (result == Exchange::answered) {
        result = connection.transact(frame, answer, size, deadline);
    }
    if (result == Exchange::broken && was_open) {
        // Kept across a restart of the service. The frame may have been stored all the same; its number tells the
        // service that it is the same one.
        result = connection.open(policy.service_id, deadline);
        if (result == Exchange::answered) {
            result = connection.transact(frame, answer, size, deadline);
        }
    }
    return result;
}

Answer ask(State& all, Connection& connection, const wire::Policy& policy, std::span<const std::byte> frame,
           std::uint64_t sequence, std::uint64_t start) {
    if (!may_ask(all, start)) {
        return {};
    }
    alignas(std::uint64_t) std::byte bytes[answer_room];
    std::size_t size = 0;
    const Deadline deadline(start, pipe_share(policy.budget_ms));
    const Exchange result = exchange(connection, policy, frame, bytes, size, deadline);
    // From the end on: a budget may be longer than the back-off.
    all.silent_until.store(result == Exchange::timed_out ? monotonic_100ns() + back_off : 0, std::memory_order_relaxed);
    wire::Reply reply{};
    if (result != Exchange::answered || wire::decode(std::span(bytes).first(size), reply) != wire::DecodeError::none) {
        return {};
    }
    const auto what = static_cast<wire::Result>(reply.result);
    // Of a request that the service could not read it does not know the number, and it has judged nothing.
    if (reply.sequence != sequence) {
        return {};
    }
    return {what == wire::Result::accepted, what == wire::Result::accepted || what == wire::Result::refused_full,
            reply.verdict};
}

/// The status that stands for an answer that did not come.
DWORD unanswered(const wire::Policy& policy, wire::Request& request) {
    if (policy.no_answer != wire::NoAnswer::deny_connect || request.action != wire::Action::connect ||
        request.phase != wire::Phase::before) {
        return WN_SUCCESS;
    }
    request.attributes |= wire::attribute::denied_unrecorded;
    return policy.denied_status;
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
    const std::uint64_t start = monotonic_100ns();
    State& all = state();
    const Place* const place = all.settings.place();
    if (place == nullptr) {
        return WN_SUCCESS;
    }
    const wire::Policy policy = place->policy();
    if (is_service(policy)) {
        return WN_SUCCESS;
    }
    const ThreadToken own;
    request.producer = all.producer;
    request.sequence = all.sequence.fetch_add(1, std::memory_order_relaxed) + 1;
    request.time = utc_filetime();
    request.ticks = start;
    request.process_id = GetCurrentProcessId();
    request.thread_id = GetCurrentThreadId();
    request.attributes |= own.impersonates() ? wire::attribute::impersonating : 0;

    alignas(std::uint64_t) std::byte frame[wire::max_frame_size];
    std::size_t size = wire::encode(request, frame);

    // A thread that acts as somebody else gets a channel of its own: its identity must not stick to the others' calls,
    // nor theirs to its.
    Channel* const kept = own.impersonates() ? nullptr : take_kept(all);
    Connection own_connection;
    SpoolFile own_spool;
    Connection& connection = kept != nullptr ? kept->connection : own_connection;
    SpoolFile& spool = kept != nullptr ? kept->spool : own_spool;

    const Answer answer = ask(all, connection, policy, {frame, size}, request.sequence, start);
    DWORD status = answer.status;
    if (!answer.verdict) {
        status = unanswered(policy, request);
        size = wire::encode(request, frame);
    } else if (status != WN_SUCCESS && !answer.receipt) {
        // Refused by the service's rules, which had no room for the frame: what is kept of it says so.
        request.attributes |= wire::attribute::denied_unrecorded;
        size = wire::encode(request, frame);
    }
    if (answer.receipt) {
        spool.close();
        all.spool_use.bytes.store(0, std::memory_order_relaxed);
    } else {
        (void)spool.append(*place, policy, all.spool_use, all.producer, own, {frame, size},
                           Deadline(start, policy.budget_ms));
    }
    if (kept != nullptr) {
        kept->taken.store(false, std::memory_order_release);
    }
    own_connection.close();
    own_spool.close();
    return status;
}

} // namespace maptrail::notifyee
