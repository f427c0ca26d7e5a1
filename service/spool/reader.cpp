#include "service/spool/reader.hpp"

#include <algorithm>
#include <cstring>

namespace maptrail::spool {

namespace {

using wire::spool_aligned;
using wire::spool_alignment;

constexpr std::size_t search_factor = 4;

class Reader {
public:
    Reader(std::span<const std::byte> file, std::size_t position)
        : file_(file), position_(position), search_left_(search_factor * file.size()) {}

    void read(Contents& contents) {
        for (skip_zeros(); position_ < file_.size(); skip_zeros()) {
            if (const std::size_t size = good_frame(position_); size != 0) {
                take(size, contents);
                continue;
            }
            const std::size_t begin = position_;
            const std::size_t first = plausible_size(begin);
            search();
            // What may still become a frame reaches the end of the file, and no frame follows it.
            if (position_ == file_.size() &&
                (file_.size() - begin < spool_alignment || (first != 0 && begin + spool_aligned(first) >= position_))) {
                contents.torn = {begin, position_};
            } else {
                contents.damaged.push_back({begin, position_});
            }
        }
    }

private:
    [[nodiscard]] bool zeros(std::size_t begin, std::size_t end) const {
        return std::ranges::all_of(file_.subspan(begin, end - begin), [](std::byte b) { return b == std::byte{0}; });
    }

    /// The end of the step that begins here.
    [[nodiscard]] std::size_t step_end(std::size_t position) const {
        return std::min(position + spool_alignment, file_.size());
    }

    void skip_zeros() {
        while (position_ < file_.size() && zeros(position_, step_end(position_))) {
            position_ = step_end(position_);
        }
    }

    /// What the bytes at `position` say of a frame's size if they look like its start; else 0. It may lie outside.
    [[nodiscard]] std::size_t plausible_size(std::size_t position) const {
        std::uint32_t magic = 0;
        std::uint32_t size = 0;
        if (file_.size() - position < sizeof magic + sizeof size) {
            return 0;
        }
        std::memcpy(&magic, file_.data() + position, sizeof magic);
        std::memcpy(&size, file_.data() + position + sizeof magic, sizeof size);
        const bool plausible =
            magic == wire::request_magic && size >= sizeof(wire::RequestHeader) && size <= wire::max_frame_size;
        return plausible ? size : 0;
    }

    /// The size of the good frame at `position`; 0 if there is none. Checksums that do not fit are paid for from what
    /// the search may cost: bytes that look like the starts of thousands of frames would make it take minutes.
    [[nodiscard]] std::size_t good_frame(std::size_t position) {
        const std::size_t size = plausible_size(position);
        if (size == 0 || size > file_.size() - position) {
            return 0;
        }
        wire::Request request;
        if (wire::decode(file_.subspan(position, size), request) == wire::DecodeError::none) {
            return size;
        }
        search_left_ -= std::min(search_left_, size);
        return 0;
    }

    void take(std::size_t size, Contents& contents) {
        const std::size_t end = position_ + size;
        const std::size_t padded = std::min(spool_aligned(end), file_.size());
        contents.frames.push_back({position_, end});
        if (!zeros(end, padded)) {
            contents.damaged.push_back({end, padded});
        }
        position_ = padded;
    }

    /// Moves on to the next good frame, or to the end.
    void search() {
        do {
            position_ = step_end(position_);
        } while (position_ < file_.size() && search_left_ != 0 && good_frame(position_) == 0);
        if (search_left_ == 0) {
            position_ = file_.size();
        }
    }

    std::span<const std::byte> file_;
    std::size_t position_;
    std::size_t search_left_; ///< bytes of frames that prove to be none
};

} // namespace

Contents read_file(std::span<const std::byte> file) {
    Contents contents;
    std::size_t header_size = 0;
    contents.header = wire::decode(file, contents.origin, header_size);
    if (contents.header == wire::DecodeError::none) {
        Reader(file, header_size).read(contents);
    }
    return contents;
}

} // namespace maptrail::spool
