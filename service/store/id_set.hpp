// A set of ids of operations, which lie close together.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>

namespace maptrail {

/// A bit to an id, and a page of bits to those that are near each other.
class IdSet {
public:
    /// Whether it is new. False for one that is not taken.
    bool add(std::int64_t id) {
        if (!takes(id)) {
            return false;
        }
        std::unique_ptr<Page>& page = pages_[page_of(id)];
        if (!page) {
            page = std::make_unique<Page>();
        }
        std::uint64_t& word = (*page)[index_of(id)];
        const bool fresh = (word & bit_of(id)) == 0;
        word |= bit_of(id);
        return fresh;
    }

    [[nodiscard]] bool contains(std::int64_t id) const {
        if (!takes(id)) {
            return false;
        }
        const auto page = pages_.find(page_of(id));
        return page != pages_.end() && ((*page->second)[index_of(id)] & bit_of(id)) != 0;
    }

    [[nodiscard]] static bool takes(std::int64_t id) { return id > 0; }

private:
    static constexpr std::int64_t page_bits = 1U << 12U;
    using Page = std::array<std::uint64_t, page_bits / 64>;

    static std::int64_t page_of(std::int64_t id) { return id / page_bits; }
    static std::size_t index_of(std::int64_t id) { return static_cast<std::size_t>(id % page_bits / 64); }
    static std::uint64_t bit_of(std::int64_t id) { return std::uint64_t{1} << static_cast<unsigned>(id % 64); }

    std::unordered_map<std::int64_t, std::unique_ptr<Page>> pages_;
};

} // namespace maptrail
