// Spool files as a notifyee writes them.
#pragma once

#include "common/wire/spool_file.hpp"

#include <catch_amalgamated.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace maptrail::spool_test {

inline wire::SpoolOrigin make_origin() {
    wire::SpoolOrigin origin;
    origin.producer.fill(7);
    origin.created = 133'000'000'000'000'000;
    origin.process_started = 132'999'999'990'000'000;
    origin.logon_id = 0x1234567890;
    origin.process_id = 4711;
    origin.session_id = 3;
    origin.integrity = 0x2000;
    origin.attributes = wire::spool_attribute::elevated | wire::spool_attribute::bits_64;
    origin.path = u"C:\\Program Files\\caller.exe";
    return origin;
}

inline std::vector<std::byte> make_frame(std::uint64_t sequence, std::u16string_view remote = u"\\\\server\\share",
                                         std::uint32_t attributes = 0) {
    wire::Request request;
    request.producer.fill(7);
    request.sequence = sequence;
    request.operation = sequence;
    request.time = 133'000'000'010'000'000;
    request.attributes = attributes;
    request.remote = {remote, 0};
    std::vector<std::byte> frame(wire::max_frame_size);
    frame.resize(wire::encode(request, frame));
    REQUIRE_FALSE(frame.empty());
    return frame;
}

struct Place {
    std::size_t begin;
    std::size_t end;
    std::size_t next; ///< after the padding
};

/// A file that grows as its writer's does.
class SpoolBytes {
public:
    explicit SpoolBytes(const wire::SpoolOrigin& origin = make_origin()) : bytes_(wire::max_spool_header_size) {
        bytes_.resize(wire::encode(origin, bytes_));
        header_size_ = bytes_.size();
        REQUIRE(header_size_ != 0);
    }

    void add(std::span<const std::byte> frame) {
        const std::size_t begin = bytes_.size();
        bytes_.insert(bytes_.end(), frame.begin(), frame.end());
        bytes_.resize(wire::spool_aligned(bytes_.size()));
        places_.push_back({begin, begin + frame.size(), bytes_.size()});
    }

    /// Frames first, first + 1, ...
    void add_numbered(std::uint64_t first, std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; ++i) {
            // Lengths that need padding and lengths that do not.
            add(make_frame(first + i, std::u16string_view(u"\\\\server\\share").substr(0, 3 + i % 8)));
        }
    }

    [[nodiscard]] std::vector<std::byte>& bytes() { return bytes_; }
    [[nodiscard]] std::size_t header_size() const { return header_size_; }
    [[nodiscard]] const std::vector<Place>& places() const { return places_; }

private:
    std::vector<std::byte> bytes_;
    std::size_t header_size_ = 0;
    std::vector<Place> places_;
};

} // namespace maptrail::spool_test
