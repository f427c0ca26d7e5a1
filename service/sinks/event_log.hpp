// Windows' Event Log, where administrators look, and what they forward to other machines.
#pragma once

#include "service/sinks/event_kind.hpp"

#include <windows.h>

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <span>
#include <string>

namespace maptrail {

/// The system's calls, so that a test can have them fail.
struct EventLogCalls {
    decltype(&RegisterEventSourceW) open = &RegisterEventSourceW;
    decltype(&ReportEventW) write = &ReportEventW;
    decltype(&DeregisterEventSource) close = &DeregisterEventSource;
};

/// Any number of threads. Never throws: an event that can't be written stops nothing, and is counted.
class EventLog {
public:
    explicit EventLog(EventLogCalls calls = {}) : calls_(calls) {}

    /// Waits for the Event Log's service. Which strings a kind wants stands with it.
    void report(EventKind kind, std::span<const std::string> strings) noexcept;
    void report(EventKind kind, std::initializer_list<std::string> strings) noexcept {
        report(kind, std::span(strings.begin(), strings.size()));
    }

    [[nodiscard]] std::uint64_t failures() const { return failures_; } ///< events that were not written

private:
    using Source = std::shared_ptr<void>; ///< others may still write to one that was given up

    [[nodiscard]] Source source();
    void give_up(const Source& source);

    EventLogCalls calls_;
    std::mutex mutex_;
    Source source_;
    std::atomic<std::uint64_t> failures_{0};
};

} // namespace maptrail
