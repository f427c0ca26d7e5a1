// Where a notification lies between its receipt and the history: a ring of records in a mapped file.
//
// What append() accepted survives the death of the process at any later moment. After power was lost, what the last
// flush() covered is there. A record may come twice (a process died between reading and releasing): the store tells.
#pragma once

#include "service/inbox/inbox_error.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace maptrail {

struct InboxCounts {
    std::uint64_t capacity = 0;  ///< bytes that records, with their headers, may take
    std::uint64_t used = 0;      ///< bytes that they take
    std::uint64_t waiting = 0;   ///< records that were not released yet
    std::uint64_t recovered = 0; ///< records that were found when the inbox was opened
    std::uint64_t appended = 0;  ///< since it was opened
    std::uint64_t refused = 0;   ///< since it was opened: no room
    std::uint64_t damaged = 0;   ///< stretches of bytes that were no record, since it was opened and at opening
    std::uint64_t not_kept = 0;  ///< of those, how many could not be put in quarantine
    bool rebuilt = false;        ///< the header was lost, and found again from the records
};

/// Records as read() hands them out. Reuses its memory. Every record starts at a multiple of 8.
class InboxRecords {
public:
    [[nodiscard]] std::size_t size() const { return extents_.size(); }
    [[nodiscard]] bool empty() const { return extents_.empty(); }
    [[nodiscard]] std::span<const std::byte> operator[](std::size_t index) const;

private:
    friend class Inbox;
    void clear();
    std::span<std::byte> add(std::size_t size);

    struct Extent {
        std::size_t offset;
        std::size_t size;
    };
    std::vector<std::byte> bytes_;
    std::vector<Extent> extents_;
};

/// Any number of threads append; one at a time reads and releases.
class Inbox {
public:
    /// Opens the inbox, or makes one of `size` bytes. One that is there and holds records keeps its size. A file that
    /// is no inbox any more is put in quarantine. Throws InboxError: no room on the disk, or another process has it
    /// open.
    static std::unique_ptr<Inbox> open(const std::filesystem::path& file, std::uint64_t size);

    Inbox(const Inbox&) = delete;
    Inbox& operator=(const Inbox&) = delete;
    ~Inbox();

    /// Stores one record of both parts. False, and nothing is stored, if there is no room.
    [[nodiscard]] bool append(std::span<const std::byte> first, std::span<const std::byte> second = {});

    /// Copies the oldest records, `max_records` at most and `max_bytes` of payload unless the first alone is larger.
    /// They stay in the inbox. Returns how many.
    std::size_t read(std::size_t max_records, std::size_t max_bytes, InboxRecords& out);

    /// Copies a record of the last read() into the quarantine beside the inbox. False if it could not be kept.
    [[nodiscard]] bool keep_aside(std::size_t index, std::span<const std::byte> record);

    /// Gives the room of the first `count` records of the last read() back. Throws std::logic_error if it gave fewer.
    void release(std::size_t count);

    /// Waits until there is something to read, or wake() is called, or the time is over. True if there is something.
    bool wait(std::chrono::milliseconds timeout);
    void wake();

    /// Returns when the disk has everything that was appended before. False if the system could not.
    [[nodiscard]] bool flush();

    [[nodiscard]] InboxCounts counts() const;

private:
    struct State;
    explicit Inbox(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace maptrail
