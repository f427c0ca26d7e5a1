#include "service/rules/address_book.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <utility>

namespace maptrail::rules {
namespace {

bool within(const Address& address, std::initializer_list<std::uint8_t> start, std::uint8_t last, std::uint8_t mask) {
    return std::equal(start.begin(), start.end(), address.begin()) && (address[start.size()] & mask) == last;
}

/// 0: this machine, 1: this link, 2: this site, 3: anywhere.
int distance(const Address& a) {
    const bool v4 = within(a, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF}, 0xFF, 0xFF);
    if (v4) {
        const unsigned first = a[12];
        const unsigned second = a[13];
        const bool site = first == 10 || (first == 172 && (second & 0xF0U) == 16) || (first == 192 && second == 168) ||
                          (first == 100 && (second & 0xC0U) == 64);
        return first == 127 ? 0 : first == 169 && second == 254 ? 1 : site ? 2 : 3;
    }
    const bool loopback = within(a, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 1, 0xFF);
    const bool link = within(a, {0xFE}, 0x80, 0xC0);
    const bool site = within(a, {}, 0xFC, 0xFE);
    return loopback ? 0 : link ? 1 : site ? 2 : 3;
}

} // namespace

Address farthest(std::span<const Address> addresses) {
    return *std::ranges::max_element(addresses, {}, distance);
}

std::size_t AddressBook::shelf_of(std::string_view server) {
    return std::hash<std::string_view>{}(server) % shelf_count;
}

std::optional<Address> AddressBook::find(std::string_view folded_server) const noexcept {
    const Shelf& shelf = shelves_[shelf_of(folded_server)];
    const std::scoped_lock lock(mutex_);
    const auto entry = std::ranges::find(shelf, folded_server, &Entry::server);
    return entry != shelf.end() && Clock::now() < entry->until ? std::optional(entry->address) : std::nullopt;
}

void AddressBook::learn(std::string folded_server, std::span<const Address> addresses, Clock::time_point until) {
    Shelf& shelf = shelves_[shelf_of(folded_server)];
    Entry entry{std::move(folded_server), {}, Clock::time_point::min()};
    if (!addresses.empty()) {
        entry.address = farthest(addresses);
        entry.until = until;
    }
    // What is replaced is freed when the lock is open again.
    const std::scoped_lock lock(mutex_);
    auto place = std::ranges::find(shelf, entry.server, &Entry::server);
    if (place == shelf.end()) {
        place = std::ranges::min_element(shelf, {}, &Entry::until);
    }
    std::swap(*place, entry);
}

} // namespace maptrail::rules
