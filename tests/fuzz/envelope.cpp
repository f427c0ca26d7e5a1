// A record of the inbox, as it may lie there after damage that its checksum did not show, or from another version.
#include "service/inbox/envelope.hpp"
#include "service/text/utf.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace {

using namespace maptrail;
using fuzz::check;

bool same(const Arrival& a, const Arrival& b) {
    return a.source == b.source && a.decision == b.decision && a.received == b.received && a.user_sid == b.user_sid &&
           a.logon_id == b.logon_id && a.session_id == b.session_id && a.integrity == b.integrity &&
           a.elevated == b.elevated && a.pid == b.pid && a.started == b.started && a.path == b.path &&
           a.path_cut == b.path_cut && a.bitness == b.bitness;
}

void read_whole(std::span<const std::byte> record) {
    Notification notification;
    if (decode_envelope(record, notification) != EnvelopeError::none) {
        return;
    }
    check(notification.time >= earliest_recorded && notification.time <= latest_recorded, "the time can be recorded");
    for (const std::string* text :
         {&notification.local_name, &notification.remote_name, &notification.provider, &notification.device,
          &notification.identity.user_sid, &notification.process.path}) {
        check(is_valid_utf8(*text), "all text is UTF-8");
    }
}

void read(std::span<std::byte> record) {
    read_whole(record);
    Arrival arrival;
    std::span<const std::byte> frame;
    if (open_envelope(record, arrival, frame) != EnvelopeError::none) {
        return;
    }
    static std::vector<std::byte> written(max_envelope_head + wire::max_frame_size);
    const std::size_t head = encode_envelope(arrival, frame.size(), written);
    check(head != 0, "what was opened can be written");
    std::ranges::copy(frame, written.begin() + static_cast<std::ptrdiff_t>(head));
    Arrival again;
    std::span<const std::byte> same_frame;
    check(open_envelope(std::span(written).first(head + frame.size()), again, same_frame) == EnvelopeError::none,
          "what is written opens");
    check(same(arrival, again) && std::ranges::equal(frame, same_frame), "the way there and back changes nothing");
    fuzz::make_frame_fit(record.last(frame.size()), wire::request_magic);
    read_whole(record);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<std::byte> record = fuzz::copy_of(data, size);
    read(record);
    return 0;
}
