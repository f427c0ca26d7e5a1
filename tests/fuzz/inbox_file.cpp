// An inbox file with any content: it opens, gives what is whole, works on, and is whole when it is opened again.
//
// The input is a short form of a file: stamp, head, tail, then what lies in the data. The empty rest of the pages would
// only keep mutations from what means something.
#include "service/inbox/inbox_file.hpp"
#include "service/inbox/inbox.hpp"
#include "service/inbox/recovery.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/scratch_native.hpp"

#include <algorithm>
#include <fstream>

namespace {

using namespace maptrail;
using namespace maptrail::inbox;
using fuzz::check;

constexpr std::size_t most_data = 4 * page_size;

struct Start {
    FileStamp stamp;
    Cell head;
    Cell tail;
};

/// A stamp and records that fit; positions, sizes, head and tail stay as they came.
void make_fit(Start& start, std::span<std::byte> data) {
    start.stamp.magic = stamp_magic;
    start.stamp.version = stamp_version;
    start.stamp.data_size = data.size();
    start.stamp.crc = wire::crc32(0, std::as_bytes(std::span(&start.stamp, 1)).first(offsetof(FileStamp, crc)));
    for (Cell* cell : {&start.head, &start.tail}) {
        cell->check = ~cell->value * 0x9E3779B97F4A7C15;
    }
    for (std::size_t at = 0; at + sizeof(RecordHeader) <= data.size();) {
        auto header = fuzz::read_at<RecordHeader>(data, at);
        header.mark = start.stamp.mark;
        header.crc = 0;
        const std::size_t room = data.size() - at - sizeof(RecordHeader);
        const std::size_t payload = std::min<std::size_t>(header.size, room);
        const bool filler = header.kind == static_cast<std::uint32_t>(RecordKind::filler);
        const std::uint32_t crc =
            wire::crc32(start.stamp.seed, data.subspan(at + sizeof(RecordHeader), filler ? 0 : payload));
        header.crc = wire::crc32(crc, std::as_bytes(std::span(&header, 1)));
        fuzz::write_at(data, at, header);
        at += record_size(payload);
    }
}

/// In memory: fast, and the sanitizer sees a step beyond the data.
void recover_from(const Start& start, std::vector<std::byte> data) {
    const Ring ring(data, start.stamp);
    for (const bool with_head : {true, false}) {
        for (const bool with_tail : {true, false}) {
            const Recovered found = recover(ring, with_head ? std::optional(start.head.value) : std::nullopt,
                                            with_tail ? std::optional(start.tail.value) : std::nullopt);
            check(found.lost || (found.head <= found.tail && found.tail - found.head <= data.size()),
                  "head and tail lie within one turn");
            std::uint64_t end = found.head;
            for (const Gap& gap : found.gaps) {
                check(gap.begin >= end && gap.end > gap.begin && gap.end <= found.tail,
                      "gaps lie between head and tail");
                end = gap.end;
            }
        }
    }
}

void write_file(const std::filesystem::path& file, const Start& start, std::span<const std::byte> data) {
    std::vector<std::byte> bytes(page_size + data.size() + page_size);
    fuzz::write_at(bytes, 0, start.stamp);
    fuzz::write_at(bytes, offsetof(HeaderPage, head), start.head);
    fuzz::write_at(bytes, offsetof(HeaderPage, tail), start.tail);
    std::ranges::copy(data, bytes.begin() + page_size);
    fuzz::write_at(bytes, page_size + data.size(), start.stamp);
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    check(out.good(), "the file could be written");
}

std::size_t drain(Inbox& inbox) {
    InboxRecords records;
    std::size_t count = 0;
    while (inbox.read(100, 1U << 16U, records) > 0) {
        count += records.size();
        inbox.release(records.size());
    }
    return count;
}

void open_file(const Start& start, std::span<const std::byte> data) {
    static const fuzz::Scratch scratch;
    scratch.clear();
    const std::filesystem::path file = scratch.path() / "inbox";
    write_file(file, start, data);
    auto inbox = Inbox::open(file, page_size + data.size() + page_size);
    check(drain(*inbox) == inbox->counts().recovered, "every record that was found can be read");
    const std::vector<std::byte> record(100);
    check(inbox->append(record), "an inbox that is empty takes a record");
    inbox.reset();
    inbox = Inbox::open(file, page_size + data.size() + page_size);
    check(inbox->counts().damaged == 0, "damage is met once");
    check(inbox->counts().recovered == 1 && drain(*inbox) == 1, "what was appended is there");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    const std::vector<std::byte> bytes = fuzz::copy_of(input, size);
    if (bytes.size() < sizeof(Start) || bytes.size() > sizeof(Start) + most_data) {
        return 0;
    }
    auto start = fuzz::read_at<Start>(bytes, 0);
    const auto filled = std::span(bytes).subspan(sizeof(Start));
    std::vector<std::byte> data((std::max<std::size_t>(filled.size(), 1) + page_size - 1) / page_size * page_size);
    std::ranges::copy(filled, data.begin());
    recover_from(start, data);
    make_fit(start, data);
    recover_from(start, data);
    open_file(start, data);
    return 0;
}
