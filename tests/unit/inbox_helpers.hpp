// A folder that is gone afterwards, and records whose content can be told apart and checked.
#pragma once

#include "service/inbox/inbox.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <vector>

namespace maptrail::inbox_test {

class Folder {
public:
    Folder() {
        static std::atomic<int> count{0};
        const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
        path_ = std::filesystem::temp_directory_path() /
                ("maptrail-inbox-" + std::to_string(now) + "-" + std::to_string(++count));
        std::filesystem::create_directories(path_);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored; // a left-over in the temporary folder fails no test
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::filesystem::path operator/(const char* name) const { return path_ / name; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// The number, and after it bytes that follow from it.
inline std::vector<std::byte> make_record(std::uint64_t number, std::size_t size) {
    std::vector<std::byte> record(std::max(size, sizeof(number)));
    std::memcpy(record.data(), &number, sizeof(number));
    for (std::size_t i = sizeof(number); i < record.size(); ++i) {
        record[i] = static_cast<std::byte>((number * 31 + i * 7) & 0xFFU);
    }
    return record;
}

/// The number of a record that is as it was made; else nothing.
inline std::optional<std::uint64_t> number_of(std::span<const std::byte> record) {
    std::uint64_t number = 0;
    if (record.size() < sizeof(number)) {
        return std::nullopt;
    }
    std::memcpy(&number, record.data(), sizeof(number));
    const auto wanted = make_record(number, record.size());
    return std::equal(record.begin(), record.end(), wanted.begin(), wanted.end()) ? std::optional(number)
                                                                                  : std::nullopt;
}

/// Reads and releases everything.
inline std::vector<std::uint64_t> drain(Inbox& inbox) {
    std::vector<std::uint64_t> numbers;
    InboxRecords records;
    while (inbox.read(100, 1 << 20, records) > 0) {
        for (std::size_t i = 0; i < records.size(); ++i) {
            numbers.push_back(number_of(records[i]).value_or(~0ULL));
        }
        inbox.release(records.size());
    }
    return numbers;
}

inline std::vector<char> read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void write_file(const std::filesystem::path& file, const std::vector<char>& bytes) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

} // namespace maptrail::inbox_test
