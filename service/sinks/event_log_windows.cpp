#include "service/sinks/event_log.hpp"

#include "common/product.hpp"

#include <exception>
#include <vector>

namespace maptrail {

namespace {

WORD type_of(EventSeverity severity) {
    switch (severity) {
    case EventSeverity::information:
        return EVENTLOG_INFORMATION_TYPE;
    case EventSeverity::warning:
        return EVENTLOG_WARNING_TYPE;
    case EventSeverity::error:
        break;
    }
    return EVENTLOG_ERROR_TYPE;
}

} // namespace

/// Registered once; again after a failure, as while the machine starts and the Event Log's own service does not run
/// yet, or when that was started anew.
EventLog::Source EventLog::source() {
    const std::lock_guard lock(mutex_);
    if (!source_) {
        if (const HANDLE opened = calls_.open(nullptr, service_name)) {
            source_ = Source(opened, calls_.close);
        }
    }
    return source_;
}

/// Unless another thread has opened another one since.
void EventLog::give_up(const Source& source) {
    const std::lock_guard lock(mutex_);
    if (source_ == source) {
        source_.reset();
    }
}

void EventLog::report(EventKind kind, std::span<const std::string> strings) noexcept {
    bool written = false;
    try {
        const EventShape& shape = shape_of(kind);
        const std::vector<std::u16string> texts = event_strings(shape, strings);
        std::vector<const wchar_t*> pointers;
        for (const std::u16string& text : texts) {
            pointers.push_back(reinterpret_cast<const wchar_t*>(text.c_str()));
        }
        if (const Source log = source()) {
            written = calls_.write(log.get(), type_of(shape.severity), 0, message_id(shape), nullptr,
                                   static_cast<WORD>(pointers.size()), 0, pointers.data(), nullptr) != FALSE;
            if (!written) {
                give_up(log);
            }
        }
    } catch (const std::exception&) {
        // Counted below, as any other failure.
    }
    if (!written) {
        ++failures_;
    }
}

} // namespace maptrail
