#include "service/inbox/inbox_file.hpp"

#include "common/wire/codec.hpp"
#include "service/inbox/allocate.hpp"

#include <boost/interprocess/file_mapping.hpp>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <random>
#include <system_error>
#include <utility>

namespace maptrail::inbox {
namespace bip = boost::interprocess;
namespace {

std::uint32_t crc_of(const FileStamp& stamp) {
    return wire::crc32(0, std::as_bytes(std::span(&stamp, 1)).first(offsetof(FileStamp, crc)));
}

bool valid(const FileStamp& stamp) {
    return stamp.magic == stamp_magic && stamp.version == stamp_version && stamp.crc == crc_of(stamp) &&
           stamp.data_size % page_size == 0 && stamp.data_size >= min_file_size - 2 * page_size &&
           stamp.data_size <= max_file_size;
}

FileStamp stamp_in(const bip::mapped_region& region, std::uint64_t offset) {
    FileStamp stamp{};
    if (offset + sizeof(stamp) <= region.get_size()) {
        std::memcpy(&stamp, static_cast<const std::byte*>(region.get_address()) + offset, sizeof(stamp));
    }
    return stamp;
}

void put_stamp(const bip::mapped_region& region, std::uint64_t offset, const FileStamp& stamp) {
    std::memcpy(static_cast<std::byte*>(region.get_address()) + offset, &stamp, sizeof(stamp));
}

bip::mapped_region map(const std::filesystem::path& file) {
    try {
        const bip::file_mapping mapping(file.c_str(), bip::read_write);
        return {mapping, bip::read_write};
    } catch (const bip::interprocess_exception& error) {
        throw InboxError("cannot map " + name_of(file) + ": " + error.what() + " (error " +
                         std::to_string(error.get_native_error()) + ")");
    }
}

void allocate(const std::filesystem::path& file, std::uint64_t size) {
    try {
        allocate_file(file, size);
    } catch (const std::system_error& error) {
        throw InboxError(error.what());
    }
}

std::uint64_t check_of(std::uint64_t value) {
    return ~value * 0x9E3779B97F4A7C15; // odd, so no two values have the same
}

std::optional<std::uint64_t> load(const Cell& cell) {
    return cell.check == check_of(cell.value) ? std::optional(cell.value) : std::nullopt;
}

/// A process that is killed stops between two instructions, so the order of the instructions is all that counts: the
/// compiler must keep it, the processor does.
void store(Cell& cell, std::uint64_t value) {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    *static_cast<volatile std::uint64_t*>(&cell.value) = value;
    *static_cast<volatile std::uint64_t*>(&cell.check) = check_of(value);
    std::atomic_signal_fence(std::memory_order_seq_cst);
}

} // namespace

InboxFile::InboxFile(bip::mapped_region region, const FileStamp& stamp) : region_(std::move(region)), stamp_(stamp) {}

InboxFile InboxFile::create(const std::filesystem::path& file, std::uint64_t size) {
    const std::filesystem::path unfinished = beside(file, ".new");
    std::error_code error;
    std::filesystem::remove(unfinished, error);
    size = size / page_size * page_size;
    try {
        allocate(unfinished, size);
        bip::mapped_region region = map(unfinished);
        std::random_device random;
        FileStamp stamp{};
        stamp.magic = stamp_magic;
        stamp.version = stamp_version;
        stamp.mark = random() | 1U; // never 0: an empty page holds no record
        stamp.seed = random();
        stamp.data_size = size - 2 * page_size;
        stamp.crc = crc_of(stamp);
        put_stamp(region, 0, stamp);
        put_stamp(region, size - page_size, stamp);
        InboxFile made(std::move(region), stamp);
        made.store_head(0);
        made.store_tail(0);
        if (!made.flush()) {
            throw InboxError("cannot write " + name_of(unfinished));
        }
    } catch (...) {
        std::filesystem::remove(unfinished, error);
        throw;
    }
    std::filesystem::rename(unfinished, file, error); // the mapping is closed by now: Windows renames no mapped file
    if (error) {
        throw InboxError("cannot rename " + name_of(unfinished) + " to " + name_of(file) + ": " + error.message());
    }
    std::optional<InboxFile> made = open(file);
    if (!made) {
        throw InboxError(name_of(file) + " was made and cannot be read back");
    }
    return std::move(*made);
}

std::optional<InboxFile> InboxFile::open(const std::filesystem::path& file) {
    std::error_code error;
    const std::uint64_t length = std::filesystem::file_size(file, error);
    if (error) {
        throw InboxError("cannot open " + name_of(file) + ": " + error.message());
    }
    if (length < sizeof(FileStamp)) {
        return std::nullopt;
    }
    bip::mapped_region region = map(file);
    FileStamp stamp = stamp_in(region, 0);
    if (!valid(stamp) && length >= page_size) {
        stamp = stamp_in(region, (length - page_size) / page_size * page_size);
    }
    if (!valid(stamp)) {
        return std::nullopt;
    }
    const std::uint64_t size = stamp.data_size + 2 * page_size;
    if (length < size) { // cut off: what is missing comes back as zeros, which the recovery counts as damage
        region = bip::mapped_region();
        allocate(file, size);
        region = map(file);
    }
    put_stamp(region, 0, stamp);
    put_stamp(region, size - page_size, stamp);
    return InboxFile(std::move(region), stamp);
}

HeaderPage& InboxFile::header() const {
    return *static_cast<HeaderPage*>(region_.get_address());
}

Ring InboxFile::ring() {
    auto* bytes = static_cast<std::byte*>(region_.get_address());
    return {std::span(bytes + page_size, static_cast<std::size_t>(stamp_.data_size)), stamp_};
}

std::optional<std::uint64_t> InboxFile::head() const {
    return load(header().head);
}

std::optional<std::uint64_t> InboxFile::tail() const {
    return load(header().tail);
}

void InboxFile::store_head(std::uint64_t head) {
    store(header().head, head);
}

void InboxFile::store_tail(std::uint64_t tail) {
    store(header().tail, tail);
}

bool InboxFile::flush() {
    return region_.flush(0, 0, false);
}

std::string name_of(const std::filesystem::path& file) {
    const std::u8string name = file.u8string();
    return {name.begin(), name.end()};
}

std::filesystem::path beside(const std::filesystem::path& file, const std::string& suffix) {
    std::filesystem::path result = file;
    result += suffix;
    return result;
}

} // namespace maptrail::inbox
