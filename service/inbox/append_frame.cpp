#include "service/inbox/append_frame.hpp"

#include <vector>

namespace maptrail {

Appended append_frame(Inbox& inbox, const Arrival& arrival, std::span<const std::byte> frame) {
    // One buffer for each thread: an envelope is up to 33 KB, and nearly always 300 bytes.
    thread_local std::vector<std::byte> head(max_envelope_head);
    const std::size_t size = encode_envelope(arrival, frame.size(), head);
    if (size == 0) {
        return Appended::unfit;
    }
    return inbox.append(std::span(head).first(size), frame) ? Appended::stored : Appended::no_room;
}

} // namespace maptrail
