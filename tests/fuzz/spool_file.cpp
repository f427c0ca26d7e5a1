// A spool file as any user may leave one in the folder.
#include "common/wire/spool_file.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <array>

namespace {

using namespace maptrail;
using fuzz::check;

void read(std::span<const std::byte> file) {
    wire::SpoolOrigin origin;
    std::size_t header_size = 0;
    if (wire::decode(file, origin, header_size) != wire::DecodeError::none) {
        return;
    }
    check(header_size <= file.size() && header_size % wire::spool_alignment == 0, "the frames start within the file");
    std::array<std::byte, wire::max_spool_header_size> bytes{};
    const std::size_t size = wire::encode(origin, bytes);
    check(size != 0, "what was decoded can be encoded");
    wire::SpoolOrigin again;
    check(wire::decode(bytes, again, header_size) == wire::DecodeError::none, "what is encoded decodes");
    check(again.producer == origin.producer && again.created == origin.created &&
              again.process_started == origin.process_started && again.logon_id == origin.logon_id &&
              again.process_id == origin.process_id && again.session_id == origin.session_id &&
              again.integrity == origin.integrity && again.attributes == origin.attributes && again.path == origin.path,
          "the way there and back changes nothing");
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
