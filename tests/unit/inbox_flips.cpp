// An inbox with 1,000 frames, and one byte of it flipped: whichever it is, at most the frame that it lies in is lost.
#include "common/wire/codec.hpp"
#include "tests/unit/inbox_helpers.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace maptrail;
using namespace maptrail::inbox_test;

namespace {

constexpr std::uint64_t frames = 1000;

std::vector<std::byte> make_frame(std::uint64_t number) {
    const std::string digits = std::to_string(number);
    const std::u16string share(digits.begin(), digits.end());
    wire::Request request;
    request.sequence = number + 1;
    request.operation = number / 2 + 1;
    request.phase = number % 2 == 0 ? wire::Phase::before : wire::Phase::after;
    request.remote = {share, static_cast<std::uint16_t>(share.size())};
    std::vector<std::byte> bytes(wire::max_frame_size);
    bytes.resize(wire::encode(request, bytes));
    return bytes;
}

/// Flips the bytes at 0, step, 2 * step..., one at a time, each in a file that was whole before.
void flip_each(std::size_t step) {
    const Folder folder;
    const std::filesystem::path file = folder / "inbox";
    constexpr std::uint64_t size = 192 * 1024;
    std::vector<std::vector<std::byte>> sent;
    {
        auto inbox = Inbox::open(file, size);
        for (std::uint64_t number = 0; number < frames; ++number) {
            sent.push_back(make_frame(number));
            REQUIRE(inbox->append(sent.back()));
        }
    }
    const std::vector<char> whole = read_file(file);
    std::vector<char> bytes = whole;
    std::uint64_t flips = 0;
    std::uint64_t damaged_frames = 0;
    for (std::size_t at = 0; at < whole.size(); at += step, ++flips) {
        bytes[at] = static_cast<char>(~bytes[at]);
        write_file(file, bytes);
        bytes[at] = whole[at];
        auto inbox = Inbox::open(file, size);
        const std::uint64_t damaged = inbox->counts().damaged;
        std::size_t next = 0; // of sent
        std::uint64_t missing = 0;
        InboxRecords records;
        INFO("flipped byte " << at);
        while (inbox->read(100, 1 << 20, records) > 0) {
            for (std::size_t i = 0; i < records.size(); ++i, ++next) {
                for (; next < sent.size() && !std::ranges::equal(records[i], sent[next]); ++next) {
                    ++missing;
                }
                REQUIRE(next < sent.size()); // else a record that nobody sent, or out of order
            }
            inbox->release(records.size());
        }
        missing += sent.size() - next;
        REQUIRE(missing == damaged);
        REQUIRE(damaged <= 1);
        damaged_frames += damaged;
        inbox.reset();
        std::filesystem::remove(folder / "inbox.quarantine-1");
    }
    WARN(flips << " flips of " << whole.size() << " bytes: " << damaged_frames << " damaged one frame of " << frames
               << ", none damaged more");
    CHECK(damaged_frames > flips / 2); // most of the file is frames
}

} // namespace

// 1009 is prime: over the file it meets every part of a record.
TEST_CASE("inbox: of 1000 frames a flipped byte costs one at most") {
    flip_each(1009);
}

// Hidden because it takes minutes: every 1,009th byte is flipped with every change, and every one by
// `ctest --preset native-long`, which ./dev test names at its end.
TEST_CASE("inbox: of 1000 frames a flipped byte costs one at most; every byte", "[.][long]") {
    flip_each(1);
}
