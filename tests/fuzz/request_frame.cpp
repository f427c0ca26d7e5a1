// A frame as a program may send it: it decodes or it does not, and what decodes survives the way back.
#include "tests/fuzz/fuzz.hpp"

#include <array>

namespace {

using namespace maptrail;
using fuzz::check;

bool same(const wire::Text& a, const wire::Text& b) {
    return a.view == b.view && a.full_length == b.full_length;
}

bool same(const wire::Request& a, const wire::Request& b) {
    return a.action == b.action && a.phase == b.phase && a.producer == b.producer && a.sequence == b.sequence &&
           a.operation == b.operation && a.time == b.time && a.ticks == b.ticks && a.status == b.status &&
           a.flags == b.flags && a.resource_type == b.resource_type && a.attributes == b.attributes &&
           a.process_id == b.process_id && a.thread_id == b.thread_id && same(a.local, b.local) &&
           same(a.remote, b.remote) && same(a.provider, b.provider) && same(a.device, b.device);
}

void read(std::span<const std::byte> frame) {
    wire::Request request;
    if (wire::decode(frame, request) != wire::DecodeError::none) {
        return;
    }
    alignas(8) std::array<std::byte, wire::max_frame_size> bytes{};
    const std::size_t size = wire::encode(request, bytes);
    check(size != 0, "what was decoded can be encoded");
    wire::Request again;
    check(wire::decode(std::span(bytes).first(size), again) == wire::DecodeError::none, "what is encoded decodes");
    check(same(request, again), "the way there and back changes nothing");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<std::byte> frame = fuzz::copy_of(data, size);
    read(frame);
    fuzz::make_frame_fit(frame, wire::request_magic);
    read(frame);
    return 0;
}
