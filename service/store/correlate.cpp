#include "service/store/correlate.hpp"

#include "common/product.hpp"
#include "service/text/device_name.hpp"

#include <algorithm>

namespace maptrail {
namespace {

constexpr std::int64_t nanoseconds_per_tick = 100;

/// The ticks are the client's word: no call takes longer than a year.
constexpr std::uint64_t max_ticks = 366ULL * 24 * 60 * 60 * 10'000'000;

/// What the call was told before counts; what came after only fills gaps.
template <typename T>
void choose(T& held, const T& given, bool given_counts) {
    if (given != T{} && (given_counts || held == T{})) {
        held = given;
    }
}

void add_names(OperationRecord& record, const Notification& n, bool first_hand) {
    Operation& operation = record.operation;
    const bool disconnect = n.action == Action::disconnect;
    const bool names_device = !disconnect || is_local_device(n.local_name);
    if (names_device) {
        choose(operation.local_name, n.local_name, first_hand);
        record.local_key = local_key_of(operation.local_name);
    }

    std::string remote;
    RemoteFrom from = RemoteFrom::call;
    if (const auto target = disconnect ? remote_of_device(n.device) : std::nullopt) {
        remote = *target;
        from = RemoteFrom::device;
    } else {
        remote = disconnect && !names_device ? n.local_name : n.remote_name;
    }
    if (remote.empty()) {
        return;
    }
    const bool nothing_yet = operation.remote_from == RemoteFrom::none || operation.remote_from == RemoteFrom::record;
    const bool better = from == RemoteFrom::device && operation.remote_from != RemoteFrom::device;
    if (nothing_yet || better || (from == operation.remote_from && first_hand)) {
        operation.remote_name = remote;
        operation.remote_from = from;
    }
}

/// The pipe's word on who called is worth more than a spool file's; of equals, the one before.
void add_caller(Operation& operation, const Notification& n, bool first, bool first_hand) {
    const bool better = first || n.source < operation.source || (n.source == operation.source && first_hand);
    ClientProcess other = n.process;
    if (better) {
        operation.identity = n.identity;
        operation.source = n.source;
        std::swap(other, operation.process);
    }
    if (!first && other.pid == operation.process.pid) {
        choose(operation.process.started, other.started, false);
        choose(operation.process.path, other.path, false);
        choose(operation.process.bitness, other.bitness, false);
    }
}

std::int64_t duration_of(std::uint64_t before, std::uint64_t after) {
    const std::uint64_t ticks = after - before;
    return after >= before && ticks <= max_ticks ? static_cast<std::int64_t>(ticks) * nanoseconds_per_tick : -1;
}

/// The wall clock may have been set back meanwhile; the monotonic one says how long it really took.
std::int64_t end_of(std::int64_t start, std::int64_t end, std::int64_t duration) {
    if (end >= start) {
        return end;
    }
    const std::int64_t length = std::max<std::int64_t>(duration, 0);
    return start > latest_recorded - length ? start : start + length;
}

void conclude(Operation& operation) {
    operation.reason.clear();
    if (operation.error != 0) {
        operation.outcome = operation.decision == Decision::deny ? Outcome::denied : Outcome::failure;
        return;
    }
    operation.outcome = Outcome::success;
    if (operation.decision == Decision::deny) {
        operation.reason = "the router went on in spite of the veto";
    }
}

void add_judged(Operation& operation, const Notification& n, bool first_hand) {
    Judged& judged = operation.judged;
    judged.rules.insert(first_hand ? judged.rules.begin() : judged.rules.end(), n.judged.rules.begin(),
                        n.judged.rules.end());
    judged.more = judged.more || n.judged.more;
    judged.would_deny = judged.would_deny || n.judged.would_deny;
    choose(judged.denied_status, n.judged.denied_status, first_hand);
    (first_hand ? operation.config_before : operation.config_after) = n.config;
}

void add_before(OperationRecord& record, const Notification& n) {
    Operation& operation = record.operation;
    record.before_sequence = n.sequence;
    operation.decision = n.decision;
    operation.start = n.time;
    if (record.after_sequence) {
        operation.duration = duration_of(n.ticks, record.ticks);
        operation.end = end_of(operation.start, operation.end, operation.duration);
        conclude(operation);
        return;
    }
    record.ticks = n.ticks;
    if (n.decision == Decision::deny) {
        // The notifyee's own denial is told in the spool; what was judged afterwards nobody was told.
        deny(operation, n.source == Source::spool ? 0 : n.judged.denied_status);
    }
}

void add_after(OperationRecord& record, const Notification& n) {
    Operation& operation = record.operation;
    record.after_sequence = n.sequence;
    operation.error = n.status;
    if (record.before_sequence) {
        operation.duration = duration_of(record.ticks, n.ticks);
        operation.end = end_of(operation.start, n.time, operation.duration);
        conclude(operation);
        return;
    }
    record.ticks = n.ticks;
    operation.decision = n.decision;
    operation.start = n.time;
    operation.end = n.time;
    conclude(operation);
    operation.reason = reason_not_told_before;
}

} // namespace

void deny(Operation& operation, std::uint32_t status) {
    operation.decision = Decision::deny;
    operation.outcome = Outcome::denied;
    operation.error = status != 0 ? status : default_denied_status;
    operation.judged.denied_status = operation.error;
    operation.judged.would_deny = false;
    operation.end = operation.start;
    operation.duration = 0;
    operation.reason.clear();
}

void add(OperationRecord& record, const Notification& n) {
    Operation& operation = record.operation;
    const bool first = !record.before_sequence && !record.after_sequence;
    const bool first_hand = n.phase == Phase::before;
    operation.action = n.action;
    record.number = n.operation;

    add_names(record, n, first_hand);
    add_caller(operation, n, first, first_hand);
    choose(operation.provider, n.provider, first_hand);
    choose(operation.flags, n.flags, first_hand);
    choose(operation.resource_type, n.resource_type, first_hand);
    operation.forced = operation.forced || n.forced;
    operation.truncated = operation.truncated || n.truncated;
    add_judged(operation, n, first_hand);

    if (first_hand) {
        add_before(record, n);
    } else {
        add_after(record, n);
    }
}

} // namespace maptrail
