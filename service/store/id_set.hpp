// A set of ids that begin at 1 and lie close together.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace maptrail {

/// A bit to an id. Ids beyond two thousand million, which no history reaches, are not taken.
class IdSet {
public:
    /// Whether it is new. False for one that is not taken.
    bool add(std::int64_t id) {
        if (!takes(id)) {
            return false;
        }
        std::uint64_t& word = word_of(id);
        const std::uint64_t bit = bit_of(id);
        const bool fresh = (word & bit) == 0;
        word |= bit;
        return fresh;
    }

    [[nodiscard]] bool contains(std::int64_t id) const {
        const std::size_t page = page_of(id);
        return takes(id) && page < pages_.size() && pages_[page] && ((*pages_[page])[index_of(id)] & bit_of(id)) != 0;
    }

    [[nodiscard]] static bool takes(std::int64_t id) { return id > 0 && id < end; }

private:
    static constexpr std::int64_t end = std::int64_t{1} << 31U; ///< 256 MB at most
    static constexpr std::int64_t page_bits = 1U << 18U;
    using Page = std::array<std::uint64_t, page_bits / 64>;

    static std::size_t page_of(std::int64_t id) { return static_cast<std::size_t>(id / page_bits); }
    static std::size_t index_of(std::int64_t id) { return static_cast<std::size_t>(id % page_bits / 64); }
    static std::uint64_t bit_of(std::int64_t id) { return std::uint64_t{1} << static_cast<unsigned>(id % 64); }

    std::uint64_t& word_of(std::int64_t id) {
        const std::size_t page = page_of(id);
        if (page >= pages_.size()) {
            pages_.resize(page + 1);
        }
        if (!pages_[page]) {
            pages_[page] = std::make_unique<Page>();
        }
        return (*pages_[page])[index_of(id)];
    }

    std::vector<std::unique_ptr<Page>> pages_;
};

} // namespace maptrail
