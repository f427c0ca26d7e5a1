// One operation with its notifications.
#pragma once

#include "tests/router/shim/durations.hpp"
#include "tests/router/shim/notifyee.hpp"

#include <chrono>
#include <ranges>
#include <utility>
#include <vector>

namespace maptrail::router {

/// The time since the last one was asked for.
class Lap {
public:
    [[nodiscard]] std::int64_t microseconds() {
        const auto now = std::chrono::steady_clock::now();
        return std::chrono::duration_cast<std::chrono::microseconds>(now - std::exchange(start_, now)).count();
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Calls the notifyees before, attempts, and calls them after. `details(after, status)` makes the structure that goes
/// with one call: each call has its own, so what one notifyee writes into it reaches no other.
///
/// A notifyee that answers anything but WN_SUCCESS before the operation cancels it: the caller gets that answer, and
/// this notifyee is not called afterwards. Of the others, those that were called before it and left a context get their
/// after-call with that answer as the operation's status, and those that come after it get no call at all. The
/// documentation says only what becomes of the caller and of the one that cancelled; the rest is this router's choice.
/// What a notifyee answers after the operation changes nothing.
template <typename Function, typename Details, typename Attempt>
DWORD notified(Function Notifyee::*function, const Details& details, const Attempt& attempt) {
    std::vector<std::pair<Function, LPVOID>> waiting;
    DWORD status = WN_SUCCESS;
    const std::vector<Notifyee>& called = notifyees(); // which loads them, at first: no part of a notification
    Durations durations;
    Lap lap;
    for (const Notifyee& notifyee : called) {
        const Function call = notifyee.*function;
        if (call == nullptr) {
            continue;
        }
        NOTIFYINFO info{NOTIFY_PRE, WN_SUCCESS, nullptr};
        auto before = details(false, WN_SUCCESS);
        status = call(&info, &before);
        if (status != WN_SUCCESS) {
            break;
        }
        if (info.lpContext != nullptr) {
            waiting.emplace_back(call, info.lpContext);
        }
    }
    durations.before = lap.microseconds();
    if (status == WN_SUCCESS) {
        status = attempt();
        durations.operation = lap.microseconds();
    }
    for (const auto& [call, context] : std::views::reverse(waiting)) {
        NOTIFYINFO info{NOTIFY_POST, status, context};
        auto after = details(true, status);
        call(&info, &after);
    }
    durations.after = lap.microseconds();
    last_durations() = durations;
    // It is the router, not a notifyee, that has the last word on the thread's last error.
    SetLastError(status);
    return status;
}

/// The end of a call that is refused up front: nobody is notified.
inline DWORD refused(DWORD status) {
    last_durations() = {};
    SetLastError(status);
    return status;
}

} // namespace maptrail::router
