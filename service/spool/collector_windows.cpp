#include "service/spool/collector.hpp"

#include "common/product.hpp"
#include "common/win32/error.hpp"
#include "service/text/utf.hpp"

#include <windows.h>

#include <algorithm>
#include <array>
#include <memory>
#include <random>

namespace maptrail::spool {

namespace {

/// Opened in one round. Of more files each has the same chance: whoever floods the folder hides nobody's file for long.
constexpr std::size_t most_opened = 2'000;

struct CloseFind {
    void operator()(HANDLE handle) const { FindClose(handle); }
};
struct CloseChange {
    void operator()(HANDLE handle) const { FindCloseChangeNotification(handle); }
};

/// INVALID_HANDLE_VALUE is none.
template <class Close>
auto owned(HANDLE handle) {
    return std::unique_ptr<void, Close>(handle == INVALID_HANDLE_VALUE ? nullptr : handle);
}

DWORD wait_time(std::chrono::milliseconds time) {
    return static_cast<DWORD>(std::clamp<std::chrono::milliseconds::rep>(time.count(), 0, 3'600'000));
}

} // namespace

Collector::Collector(Inbox& inbox, Judge& judge, std::filesystem::path spool, std::filesystem::path quarantine,
                     CollectorSystem system, CollectorOptions options)
    : spool_(std::move(spool)), system_(system), options_(options),
      files_(inbox, judge, std::move(quarantine), std::move(system), options),
      stop_event_(CreateEventW(nullptr, TRUE, FALSE, nullptr)) {
    if (!stop_event_) {
        win32::throw_last_error("cannot make an event");
    }
}

Collector::~Collector() {
    stop();
}

void Collector::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Collector::stop() {
    thread_.request_stop();
    SetEvent(stop_event_.get());
    if (thread_.joinable()) {
        thread_.join();
    }
}

CollectorCounts Collector::counts() const {
    CollectorCounts counts = files_.counts();
    counts.waiting = waiting_;
    return counts;
}

bool Collector::clear_since(std::chrono::steady_clock::time_point time) const {
    return clear_.load() > time;
}

bool Collector::wait_for_stop(std::chrono::milliseconds time) const {
    return WaitForSingleObject(stop_event_.get(), wait_time(time)) == WAIT_OBJECT_0;
}

void Collector::run(const std::stop_token& stop) {
    const auto change = owned<CloseChange>(
        FindFirstChangeNotificationW(spool_.c_str(), FALSE, FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_SIZE));
    if (!change) { // the rounds that nothing calls for go on
        system_.error("the spool folder can't be watched, so it is looked at from time to time: " +
                      win32::error_message(GetLastError()));
    }
    for (;;) {
        const auto begin = std::chrono::steady_clock::now();
        const bool more = try_round(stop);
        // However many files there are: not more than half of the time.
        const auto took =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
        if (wait_for_stop(std::max(options_.pause, took))) {
            return;
        }
        const std::array<HANDLE, 2> handles{stop_event_.get(), change.get()};
        const DWORD woken = WaitForMultipleObjects(change ? 2 : 1, handles.data(), FALSE,
                                                   more ? 0 : wait_time(options_.look - options_.pause));
        if (woken == WAIT_OBJECT_0) {
            return;
        }
        // Armed again before the folder is looked at, so that nothing comes in between.
        if (woken == WAIT_OBJECT_0 + 1 && !FindNextChangeNotification(change.get())) {
            system_.error("the spool folder can't be watched any more: " + win32::error_message(GetLastError()));
        }
    }
}

bool Collector::try_round(const std::stop_token& stop) {
    try {
        const bool more = round(stop);
        last_failure_.clear();
        return more;
    } catch (const std::exception& error) {
        if (last_failure_ != error.what()) { // once, not every second
            last_failure_ = error.what();
            system_.error("spool: " + last_failure_);
        }
        return true;
    }
}

bool Collector::round(const std::stop_token& stop) {
    const auto begin = std::chrono::steady_clock::now();
    files_.begin_round();
    const std::vector<Entry> entries = list();
    std::vector<Candidate> candidates = open(entries, stop);
    std::vector<Queued> queue;
    for (const Candidate& candidate : candidates) {
        queue.push_back({candidate.file.owner(), candidate.file.size()});
    }
    std::uint64_t gone = 0;
    std::string failure;
    for (const std::size_t index : fair_order(queue, options_.owner)) {
        if (stop.stop_requested()) {
            return true;
        }
        Outcome outcome = Outcome::later;
        try {
            outcome = files_.collect(candidates[index].name, candidates[index].file, stop);
        } catch (const win32::Error& error) { // one bad file does not hold up the others
            failure = to_utf8(std::filesystem::path(candidates[index].name).u16string()) + ": " + error.what();
        }
        gone += outcome == Outcome::gone ? 1 : 0;
        if (outcome == Outcome::no_room) {
            break;
        }
    }
    files_.end_round();
    waiting_ -= std::min<std::uint64_t>(waiting_, gone);
    if (!failure.empty()) {
        throw std::runtime_error(failure);
    }
    if (waiting_ == 0) {
        clear_ = begin;
    }
    return gone < entries.size();
}

std::vector<Collector::Entry> Collector::list() {
    std::vector<Entry> entries;
    WIN32_FIND_DATAW found{};
    const std::filesystem::path pattern = spool_ / (std::wstring(L"*") + spool_file_suffix);
    const auto find = owned<CloseFind>(FindFirstFileExW(pattern.c_str(), FindExInfoBasic, &found, FindExSearchNameMatch,
                                                        nullptr, FIND_FIRST_EX_LARGE_FETCH));
    if (!find) {
        waiting_ = 0;
        if (const DWORD error = GetLastError(); error != ERROR_FILE_NOT_FOUND) {
            throw win32::Error("cannot list the spool folder", error);
        }
        return entries;
    }
    std::uint64_t listed = 0;
    std::uint64_t eligible = 0;
    thread_local std::minstd_rand random(std::random_device{}());
    do {
        std::wstring name(found.cFileName);
        if (!name.ends_with(spool_file_suffix)) { // a pattern may match short names too
            continue;
        }
        ++listed;
        if (!files_.wanted(name)) {
            continue;
        }
        ++eligible;
        const std::uint64_t created =
            (std::uint64_t{found.ftCreationTime.dwHighDateTime} << 32U) | found.ftCreationTime.dwLowDateTime;
        if (entries.size() < most_opened) {
            entries.push_back({std::move(name), created});
        } else if (const std::uint64_t place = std::uniform_int_distribution<std::uint64_t>(0, eligible - 1)(random);
                   place < most_opened) {
            entries[static_cast<std::size_t>(place)] = {std::move(name), created};
        }
    } while (FindNextFileW(find.get(), &found));
    if (const DWORD error = GetLastError(); error != ERROR_NO_MORE_FILES) {
        throw win32::Error("cannot list the spool folder", error);
    }
    waiting_ = listed;
    // What was written first is stored first, as far as the file system's clock tells.
    std::ranges::sort(entries, {}, &Entry::created);
    return entries;
}

std::vector<Collector::Candidate> Collector::open(const std::vector<Entry>& entries, const std::stop_token& stop) {
    std::vector<Candidate> candidates;
    for (const Entry& entry : entries) {
        if (stop.stop_requested()) {
            break;
        }
        const std::filesystem::path path = spool_ / entry.name;
        try {
            try {
                candidates.push_back({entry.name, SpoolEntry(path)});
            } catch (const win32::Error& error) {
                if (error.code() != ERROR_ACCESS_DENIED) {
                    throw;
                }
                files_.take_shut_file(entry.name, path);
            }
        } catch (const win32::Error&) {
            // It is gone, or is being removed, or somebody opened it without sharing: the next round sees.
        }
    }
    return candidates;
}

} // namespace maptrail::spool
