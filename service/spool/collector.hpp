// Brings what notifyees left in the spool folder into the inbox. Windows.
#pragma once

#include "common/win32/handle.hpp"
#include "service/spool/file_collector.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace maptrail::spool {

/// A thread of its own, which looks when the folder changes, but not faster than once in a pause.
class Collector {
public:
    /// Both folders are there, made by make_private_folder. `inbox` and `judge` must outlive it. Throws win32::Error.
    Collector(Inbox& inbox, Judge& judge, std::filesystem::path spool, std::filesystem::path quarantine,
              CollectorSystem system, CollectorOptions options = {});
    Collector(const Collector&) = delete;
    Collector& operator=(const Collector&) = delete;
    ~Collector();

    void start();

    /// Leaves the file that it is in the middle of: its frames come again, and the store knows those that it has.
    void stop();

    [[nodiscard]] CollectorCounts counts() const;

    /// Whether a round that began after that moment has ended and left no file in the folder: what it found is in the
    /// inbox. Any thread.
    [[nodiscard]] bool clear_since(std::chrono::steady_clock::time_point time) const;

private:
    struct Entry {
        std::wstring name;
        std::uint64_t created = 0; ///< FILETIME
    };
    struct Candidate {
        std::wstring name;
        SpoolEntry file;
    };

    void run(const std::stop_token& stop);
    /// True if files stay that the next round may take.
    bool round(const std::stop_token& stop);
    bool try_round(const std::stop_token& stop);
    [[nodiscard]] std::vector<Entry> list();
    [[nodiscard]] std::vector<Candidate> open(const std::vector<Entry>& entries, const std::stop_token& stop);
    bool wait_for_stop(std::chrono::milliseconds time) const;

    std::filesystem::path spool_;
    CollectorSystem system_;
    CollectorOptions options_;
    FileCollector files_;
    win32::Handle stop_event_;
    std::string last_failure_;
    std::atomic<std::uint64_t> waiting_{0};
    std::atomic<std::chrono::steady_clock::time_point> clear_{}; ///< when the last round began that left no file
    std::jthread thread_;
};

} // namespace maptrail::spool
