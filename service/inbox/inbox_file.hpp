// The inbox's file: made, found, mapped. What its header says, and writing it so that a torn write shows.
#pragma once

#include "service/inbox/inbox_error.hpp"
#include "service/inbox/ring.hpp"

#include <boost/interprocess/mapped_region.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace maptrail::inbox {

class InboxFile {
public:
    /// Makes an empty inbox under another name, and gives it its own when it is complete. Replaces what is there.
    static InboxFile create(const std::filesystem::path& file, std::uint64_t size);

    /// Maps the file that is there. Empty if nothing in it says that it is an inbox.
    static std::optional<InboxFile> open(const std::filesystem::path& file);

    [[nodiscard]] Ring ring();
    [[nodiscard]] std::uint64_t data_size() const { return stamp_.data_size; }

    [[nodiscard]] std::optional<std::uint64_t> head() const;
    [[nodiscard]] std::optional<std::uint64_t> tail() const;
    void store_head(std::uint64_t head);

    /// All that was written to the ring before is stored before.
    void store_tail(std::uint64_t tail);

    /// Returns when the disk has everything. False if the system could not.
    [[nodiscard]] bool flush();

private:
    InboxFile(boost::interprocess::mapped_region region, const FileStamp& stamp);
    [[nodiscard]] HeaderPage& header() const;

    boost::interprocess::mapped_region region_;
    FileStamp stamp_;
};

/// A file's name as UTF-8, for messages.
[[nodiscard]] std::string name_of(const std::filesystem::path& file);

/// `file` with `suffix` at its name's end.
[[nodiscard]] std::filesystem::path beside(const std::filesystem::path& file, const std::string& suffix);

} // namespace maptrail::inbox
