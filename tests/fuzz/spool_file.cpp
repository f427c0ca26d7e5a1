// A spool file as any user may leave one in the folder.
#include "service/spool/reader.hpp"
#include "service/spool/sender.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <array>

namespace {

using namespace maptrail;
using fuzz::check;

void header_survives_the_way_back(const wire::SpoolOrigin& origin) {
    alignas(8) std::array<std::byte, wire::max_spool_header_size> bytes{};
    check(wire::encode(origin, bytes) != 0, "what was decoded can be encoded");
    wire::SpoolOrigin again;
    std::size_t header_size = 0;
    check(wire::decode(bytes, again, header_size) == wire::DecodeError::none, "what is encoded decodes");
    check(again.producer == origin.producer && again.created == origin.created &&
              again.process_started == origin.process_started && again.logon_id == origin.logon_id &&
              again.process_id == origin.process_id && again.session_id == origin.session_id &&
              again.integrity == origin.integrity && again.attributes == origin.attributes && again.path == origin.path,
          "the way there and back changes nothing");
}

/// The whole way into a record, as the collector goes it.
void frame_becomes_a_notification(const spool::Sender& sender, std::span<const std::byte> frame) {
    static std::vector<std::byte> record(max_envelope_head + wire::max_frame_size);
    static Judge judge;
    Judge::Turn turn(judge);
    const Arrival arrival = spool::arrival_of(sender, frame, 1'755'500'000'000'000'000, turn);
    const std::size_t head = encode_envelope(arrival, frame.size(), record);
    check(head != 0, "every frame gets an envelope");
    std::ranges::copy(frame, record.begin() + static_cast<std::ptrdiff_t>(head));
    Notification notification;
    check(decode_envelope(std::span(record).first(head + frame.size()), notification) == EnvelopeError::none,
          "what the collector stores can be read");
}

void read(std::span<const std::byte> file) {
    const spool::Contents contents = spool::read_file(file);
    if (contents.header != wire::DecodeError::none) {
        check(contents.frames.empty() && contents.damaged.empty() && !contents.torn, "nothing without a header");
        return;
    }
    header_survives_the_way_back(contents.origin);
    const spool::Sender sender = spool::sender_of(contents.origin, "S-1-5-21-1-2-3-1001");
    std::size_t end = sizeof(wire::SpoolHeader);
    for (const spool::Stretch& frame : contents.frames) {
        check(frame.begin >= end && frame.begin < frame.end && frame.end <= file.size(),
              "frames lie one after the other");
        frame_becomes_a_notification(sender, file.subspan(frame.begin, frame.end - frame.begin));
        end = frame.end;
    }
    end = sizeof(wire::SpoolHeader);
    for (const spool::Stretch& part : contents.damaged) {
        check(part.begin >= end && part.begin < part.end && part.end <= file.size(), "damage lies within the file");
        end = part.end;
    }
    check(!contents.torn || (contents.torn->begin >= end && contents.torn->end == file.size()), "a torn tail is last");
}

void make_file_fit(std::span<std::byte> file) {
    constexpr std::size_t crc_at = offsetof(wire::SpoolHeader, crc);
    if (file.size() < sizeof(wire::SpoolHeader)) {
        return;
    }
    const std::size_t header = std::min<std::size_t>(
        fuzz::read_at<std::uint32_t>(file, offsetof(wire::SpoolHeader, header_size)), file.size());
    if (header < sizeof(wire::SpoolHeader)) {
        return;
    }
    const auto claimed = fuzz::read_at<std::uint32_t>(file, offsetof(wire::SpoolHeader, claimed));
    fuzz::write_at(file, offsetof(wire::SpoolHeader, magic), wire::spool_magic);
    fuzz::write_at(file, crc_at, std::uint64_t{0}); // with the claim behind it
    fuzz::write_at(file, crc_at, wire::crc32(0, file.first(header)));
    fuzz::write_at(file, offsetof(wire::SpoolHeader, claimed), claimed);
    // The frames, one after the other as their sizes say.
    for (std::size_t at = header; at + sizeof(wire::RequestHeader) <= file.size();) {
        const std::size_t size =
            std::clamp<std::size_t>(fuzz::read_at<std::uint32_t>(file, at + offsetof(wire::RequestHeader, frame_size)),
                                    sizeof(wire::RequestHeader), file.size() - at);
        fuzz::make_frame_fit(file.subspan(at, size), wire::request_magic);
        at += wire::spool_aligned(size);
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<std::byte> file = fuzz::copy_of(data, size);
    read(file);
    make_file_fit(file);
    read(file);
    return 0;
}
