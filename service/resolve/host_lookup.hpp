// The addresses of a host, as Windows finds them: hosts file, DNS, and what else the machine is set up with.
#pragma once

#include "common/win32/handle.hpp"
#include "service/rules/subject.hpp"

#include <windows.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <vector>

namespace maptrail {

/// Any number of threads.
class HostLookup {
public:
    /// Throws win32::Error.
    explicit HostLookup(std::chrono::milliseconds longest = std::chrono::seconds(5));
    HostLookup(const HostLookup&) = delete;
    HostLookup& operator=(const HostLookup&) = delete;
    ~HostLookup();

    /// None: there are none, or they took too long, or it was cancelled.
    [[nodiscard]] std::vector<rules::Address> addresses_of(const std::string& host);

    /// Ends what is under way, and all that comes, at once.
    void cancel() noexcept;

private:
    struct Query;
    [[nodiscard]] bool start_winsock();
    [[nodiscard]] bool wait_for(Query& query);

    std::chrono::milliseconds longest_;
    win32::Handle cancelled_;
    std::mutex mutex_;              ///< of the next
    bool winsock_ = false;          ///< not before there is something to look up: it loads other people's DLLs
    std::atomic<int> abandoned_{0}; ///< look-ups that did not end although they were cancelled
};

} // namespace maptrail
