#include "service/spool/quarantine.hpp"

#include <fstream>
#include <string>
#include <system_error>

namespace maptrail::spool {

std::optional<std::filesystem::path> Quarantine::place_for(const std::filesystem::path& name,
                                                           std::uint64_t size) const {
    std::error_code error;
    std::size_t files = 0;
    std::uint64_t bytes = 0;
    for (std::filesystem::directory_iterator entry(folder_, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored; // a folder has no size, and counts as a file
        const std::uintmax_t length = entry->file_size(ignored);
        bytes += ignored ? 0 : length;
        ++files;
    }
    if (error || files >= most_files || size > most_bytes || bytes > most_bytes - size) {
        return std::nullopt;
    }
    std::filesystem::path place = folder_ / name.filename();
    for (std::size_t number = 1; number <= most_files + 1; ++number) {
        if (std::filesystem::symlink_status(place, error).type() == std::filesystem::file_type::not_found) {
            return place;
        }
        place = folder_ / name.filename();
        place += "." + std::to_string(number);
    }
    return std::nullopt;
}

bool Quarantine::keep(const std::filesystem::path& place, std::span<const std::byte> bytes) {
    std::ofstream out(place, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) {
        std::error_code ignored; // there may be none
        std::filesystem::remove(place, ignored);
    }
    return !out.fail();
}

} // namespace maptrail::spool
