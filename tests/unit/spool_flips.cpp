// A spool file with 1,000 frames, and one byte of it flipped: whichever it is, at most the frame that it lies in is
// lost, and that is counted.
#include "service/spool/reader.hpp"
#include "tests/unit/spool_sample.hpp"

#include <algorithm>

using namespace maptrail;
using namespace maptrail::spool_test;

namespace {

constexpr std::size_t frames = 1000;

bool whole(const spool::Contents& contents, const SpoolBytes& file, std::size_t but_for) {
    std::size_t next = 0;
    for (std::size_t i = 0; i < frames; ++i) {
        if (i == but_for) {
            continue;
        }
        if (next == contents.frames.size() || contents.frames[next].begin != file.places()[i].begin ||
            contents.frames[next].end != file.places()[i].end) {
            return false;
        }
        ++next;
    }
    return next == contents.frames.size();
}

void flip_each(std::size_t step) {
    SpoolBytes file;
    file.add_numbered(1, frames);
    std::vector<std::byte>& bytes = file.bytes();
    std::size_t flips = 0;
    std::size_t damaged_frames = 0;
    std::size_t in_frame = 0; // the first whose end is not before the byte
    for (std::size_t at = 0; at < bytes.size(); at += step, ++flips) {
        bytes[at] = ~bytes[at];
        const spool::Contents contents = spool::read_file(bytes);
        bytes[at] = ~bytes[at];
        INFO("flipped byte " << at);
        const std::size_t troubles = contents.damaged.size() + (contents.torn ? 1U : 0U);
        if (at < file.header_size()) {
            // A header that is not whole condemns the file, which is kept as it is; `claimed` is no part of it.
            REQUIRE((contents.header != wire::DecodeError::none || whole(contents, file, frames)));
            continue;
        }
        while (in_frame < frames && file.places()[in_frame].next <= at) {
            ++in_frame;
        }
        REQUIRE(in_frame < frames);
        const bool padding = at >= file.places()[in_frame].end;
        REQUIRE(whole(contents, file, padding ? frames : in_frame));
        REQUIRE(troubles == 1);
        damaged_frames += padding ? 0 : 1;
    }
    WARN(flips << " flips of " << bytes.size() << " bytes: " << damaged_frames << " damaged one frame of " << frames
               << ", none damaged more");
    CHECK(damaged_frames > flips / 2);
}

} // namespace

// 211 is prime: over the file it meets every part of a frame.
TEST_CASE("spool: of 1000 frames a flipped byte costs one at most") {
    flip_each(211);
}

// Hidden because it takes minutes: every 211th byte is flipped with every change, and every one by
// `ctest --preset native-long`, which ./dev test names at its end.
TEST_CASE("spool: of 1000 frames a flipped byte costs one at most; every byte", "[.][long]") {
    flip_each(1);
}
