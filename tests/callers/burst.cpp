#include "tests/callers/burst.hpp"

#include "tests/callers/call.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <thread>
#include <vector>

namespace maptrail::test {

namespace {

struct Progress {
    std::atomic<std::uint32_t> next_pair = 0;
    std::atomic<std::uint32_t> made = 0;
    std::atomic<std::uint32_t> failed = 0;
    std::atomic<std::uint32_t> timed = 0;
    std::atomic<std::uint32_t> slow = 0;
    std::atomic<std::uint32_t> waited = 0;
    std::atomic<std::int64_t> longest = 0;
    std::atomic<std::uint32_t> slow_notifications = 0;
    std::atomic<std::int64_t> longest_notification = 0;
    Slowest slowest;
};

bool is_there(const std::filesystem::path& file) {
    std::error_code ignored; // a file that can't be looked at is not there
    return std::filesystem::exists(file, ignored);
}

void raise_to(std::int64_t value, std::atomic<std::int64_t>& longest) {
    std::int64_t known = longest;
    while (value > known && !longest.compare_exchange_weak(known, value)) {
    }
}

void count_time(const MeasuredCall& call, Progress& progress) {
    ++progress.timed;
    progress.slow += std::chrono::microseconds(call.microseconds) > budget ? 1 : 0;
    raise_to(call.microseconds, progress.longest);
    progress.slowest.add(call);
    if (call.parts) {
        for (const std::int64_t notification : {call.parts->before, call.parts->after}) {
            progress.slow_notifications += std::chrono::microseconds(notification) > budget ? 1 : 0;
            raise_to(notification, progress.longest_notification);
        }
    }
}

void count(const Burst& burst, Progress& progress, const Call& call) {
    const bool timed = burst.timed_from.empty() || is_there(burst.timed_from);
    const auto began = std::chrono::system_clock::now();
    const auto start = std::chrono::steady_clock::now();
    const CallResult result = make(call);
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
    progress.waited += took > pipe_budget ? 1 : 0;
    if (timed) {
        count_time({began, took.count(), parts_of_last_call()}, progress);
    }
    ++progress.made;
    if (result.status != NO_ERROR) {
        ++progress.failed;
    }
    if (burst.pause_milliseconds != 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(burst.pause_milliseconds));
    }
}

void make_pairs(const Burst& burst, std::uint32_t thread, Progress& progress) {
    const std::uint32_t pairs = burst.operations / 2;
    for (std::uint32_t pair = progress.next_pair++; pair < pairs && !(!burst.until.empty() && is_there(burst.until));
         pair = progress.next_pair++) {
        Call connect;
        connect.remote = L"\\\\server\\" + burst.tag + L"-" + std::to_wstring(pair);
        if (thread < burst.drives.size() && pair % 2 == 0) {
            connect.local = std::wstring(1, burst.drives[thread]) + L":";
        }
        count(burst, progress, connect);
        Call disconnect;
        disconnect.function = Function::cancel2;
        disconnect.remote = connect.local.empty() ? connect.remote : connect.local;
        count(burst, progress, disconnect);
    }
}

} // namespace

BurstResult run(const Burst& burst) {
    Progress progress;
    const auto start = std::chrono::steady_clock::now();
    {
        std::vector<std::jthread> threads;
        for (std::uint32_t thread = 0; thread < burst.threads; ++thread) {
            threads.emplace_back([&, thread] { make_pairs(burst, thread, progress); });
        }
    }
    const auto took = std::chrono::steady_clock::now() - start;
    BurstResult result;
    result.made = progress.made;
    result.failed = progress.failed;
    result.timed = progress.timed;
    result.slow = progress.slow;
    result.waited = progress.waited;
    result.milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    result.longest_microseconds = progress.longest;
    result.slow_notifications = progress.slow_notifications;
    result.longest_notification_microseconds = progress.longest_notification;
    result.slowest = progress.slowest.calls();
    return result;
}

} // namespace maptrail::test
