// A reply as whoever owns the pipe may send it.
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace maptrail;
using fuzz::check;

void read(std::span<const std::byte> frame) {
    wire::Reply reply{};
    if (wire::decode(frame, reply) != wire::DecodeError::none) {
        return;
    }
    wire::Reply sealed = reply;
    wire::seal(sealed);
    wire::Reply again{};
    check(wire::decode(std::as_bytes(std::span(&sealed, 1)), again) == wire::DecodeError::none, "a sealed one decodes");
    check(again.result == reply.result && again.verdict == reply.verdict && again.sequence == reply.sequence,
          "sealing leaves what is said as it is");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<std::byte> frame = fuzz::copy_of(data, size);
    read(frame);
    fuzz::make_frame_fit(frame, wire::reply_magic);
    read(frame);
    return 0;
}
