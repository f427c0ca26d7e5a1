#include "tests/callers/slowest.hpp"

#include <windows.h>

#include <algorithm>
#include <functional>

namespace maptrail::test {

std::optional<router::Durations> parts_of_last_call() {
    using Ask = void (*)(router::Durations*);
    static const auto ask = reinterpret_cast<Ask>(
        reinterpret_cast<void*>(GetProcAddress(GetModuleHandleW(L"mpr.dll"), "MapTrailLastDurations")));
    if (ask == nullptr) {
        return std::nullopt;
    }
    router::Durations durations;
    ask(&durations);
    return durations;
}

void Slowest::add(const MeasuredCall& call) {
    const std::scoped_lock lock(mutex_);
    const auto place =
        std::ranges::upper_bound(calls_, call.microseconds, std::ranges::greater{}, &MeasuredCall::microseconds);
    calls_.insert(place, call);
    if (calls_.size() > most) {
        calls_.pop_back();
    }
}

std::vector<MeasuredCall> Slowest::calls() const {
    const std::scoped_lock lock(mutex_);
    return calls_;
}

} // namespace maptrail::test
