// One entry of the spool folder, by its handle: what was checked is what is read and removed, whatever becomes of the
// name meanwhile. Windows.
#pragma once

#include "common/win32/handle.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace maptrail::spool {

enum class Kind {
    file,
    folder,
    link, ///< a reparse point, or a file with more than one name: what it leads to is not the spool's
};

class SpoolEntry {
public:
    enum class Access {
        collect,
        remove, ///< for a file that shuts SYSTEM out: SeRestorePrivilege opens it to be moved or deleted
    };

    /// Opens what has that name, never what it leads to, beside whoever has it open. Throws win32::Error.
    explicit SpoolEntry(const std::filesystem::path& path, Access access = Access::collect);

    [[nodiscard]] Kind kind() const { return kind_; }
    [[nodiscard]] std::uint64_t size() const { return size_; } ///< when it was opened, or read
    [[nodiscard]] const std::string& owner() const { return owner_; }

    /// Reads up to `most` bytes from the start. Throws win32::Error.
    void read(std::size_t most, std::vector<std::byte>& bytes);

    /// Tells the writer that the service reads. Throws win32::Error.
    void claim();

    /// Both return false, with GetLastError's code in `error`.
    [[nodiscard]] bool move(const std::filesystem::path& target, DWORD& error);
    [[nodiscard]] bool remove(DWORD& error);

private:
    win32::Handle handle_;
    Kind kind_ = Kind::file;
    std::uint64_t size_ = 0;
    std::string owner_; ///< SID
};

} // namespace maptrail::spool
