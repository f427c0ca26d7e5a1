#include "service/inbox/quarantine.hpp"

#include "service/inbox/inbox_file.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

namespace maptrail::inbox {

std::optional<std::filesystem::path> Quarantine::free_name() const {
    for (int number = 1; number <= max_files; ++number) {
        std::filesystem::path name = beside(inbox_, ".quarantine-" + std::to_string(number));
        std::error_code error;
        if (!std::filesystem::exists(std::filesystem::symlink_status(name, error)) && !error) {
            return name;
        }
        if (error == std::errc::no_such_file_or_directory) {
            return name;
        }
    }
    return std::nullopt;
}

/// Bounded by the inbox's own size: damage that comes again and again does not fill the disk.
bool Quarantine::has_room(std::uint64_t size, std::uint64_t most) {
    if (!file_) {
        file_ = free_name();
    }
    return file_ && kept_ + size <= most;
}

bool Quarantine::keep(std::uint64_t position, std::span<const std::byte> record, std::uint64_t most) {
    if (!has_room(record.size(), most)) {
        return false;
    }
    std::ofstream out(*file_, std::ios::binary | std::ios::app);
    const std::array<std::uint64_t, 2> head{position, record.size()};
    out.write(reinterpret_cast<const char*>(head.data()), sizeof(head));
    out.write(reinterpret_cast<const char*>(record.data()), static_cast<std::streamsize>(record.size()));
    out.flush();
    kept_ += record.size();
    return out.good();
}

bool Quarantine::keep(const Ring& ring, const Gap& gap) {
    if (!has_room(gap.end - gap.begin, ring.size())) {
        return false;
    }
    std::ofstream out(*file_, std::ios::binary | std::ios::app);
    const std::array<std::uint64_t, 2> head{gap.begin, gap.end - gap.begin};
    out.write(reinterpret_cast<const char*>(head.data()), sizeof(head));
    std::vector<std::byte> piece(std::size_t{64} * 1024);
    for (std::uint64_t position = gap.begin; position < gap.end && out;) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), gap.end - position));
        ring.copy_out(position, std::span(piece).first(count));
        out.write(reinterpret_cast<const char*>(piece.data()), static_cast<std::streamsize>(count));
        position += count;
    }
    out.flush();
    kept_ += gap.end - gap.begin;
    return out.good();
}

bool Quarantine::keep_file() {
    const auto name = free_name();
    if (!name) {
        return false;
    }
    std::error_code error;
    std::filesystem::rename(inbox_, *name, error);
    return !error;
}

} // namespace maptrail::inbox
