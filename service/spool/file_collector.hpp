// One spool file after the other into the inbox, and what is none out of the way. Windows.
#pragma once

#include "common/model/loss.hpp"
#include "service/inbox/inbox.hpp"
#include "service/judge/judge.hpp"
#include "service/spool/collector_options.hpp"
#include "service/spool/quarantine.hpp"
#include "service/spool/reader.hpp"
#include "service/spool/spool_entry.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

namespace maptrail::spool {

enum class Outcome {
    gone,   ///< the file is removed
    later,  ///< it stays for now
    no_room ///< it stays, and no other file has a chance either
};

/// One thread, apart from counts().
class FileCollector {
public:
    /// `inbox` and `judge` must outlive it.
    FileCollector(Inbox& inbox, Judge& judge, std::filesystem::path quarantine, CollectorSystem system,
                  CollectorOptions options);

    void begin_round();

    /// To be told of each file of the folder, once in a round. False: it is to be left alone.
    [[nodiscard]] bool wanted(const std::wstring& name);

    /// Stores the good frames, keeps the damaged ones aside, removes the file. Throws win32::Error.
    Outcome collect(const std::wstring& name, SpoolEntry& file, const std::stop_token& stop);

    /// A file that the service may not open. It is given time, for a file that is just being removed answers the same.
    /// Throws win32::Error.
    Outcome take_shut_file(const std::wstring& name, const std::filesystem::path& path);

    void end_round();

    [[nodiscard]] CollectorCounts counts() const { return {files_, frames_, damaged_, 0}; }

private:
    using Clock = std::chrono::steady_clock;

    /// What is remembered of a file that had to stay.
    struct Held {
        Clock::time_point since;
        std::uint64_t round = 0; ///< when it was last seen
        std::size_t stored = 0;  ///< up to here its frames are in the inbox
        bool left_alone = false; ///< of a later version: until the next start
        bool told = false;       ///< its loss is in the inbox
    };

    Outcome store(const std::wstring& name, SpoolEntry& file, const Contents& contents, const std::stop_token& stop);
    Outcome take_damaged(const std::wstring& name, SpoolEntry& file, Loss loss, const std::string& why);
    Outcome refuse(const std::wstring& name, SpoolEntry& file, const std::string& why);
    /// False: no room. Once for a file, however often it comes.
    bool tell(const std::wstring& name, Loss& loss);
    Outcome remove(const std::wstring& name, SpoolEntry& file);
    [[nodiscard]] bool crowded() const;
    Held& hold(const std::wstring& name);
    /// Whether the file has been held for so long.
    bool held_for(const std::wstring& name, std::chrono::milliseconds time);
    void note(const std::string& line);

    Inbox& inbox_;
    Judge& judge_;
    Quarantine quarantine_;
    CollectorSystem system_;
    CollectorOptions options_;
    std::unordered_map<std::wstring, Held> held_;
    std::vector<std::byte> bytes_; ///< of the file at hand
    std::uint64_t round_ = 0;
    std::uint64_t left_alone_ = 0;
    std::uint64_t notes_ = 0; ///< in this round
    std::atomic<std::uint64_t> files_{0};
    std::atomic<std::uint64_t> frames_{0};
    std::atomic<std::uint64_t> damaged_{0};
};

} // namespace maptrail::spool
