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

void AddressBook::set_in_use(bool in_use) {
    in_use_ = in_use;
    if (!in_use) {
        const std::scoped_lock lock(mutex_);
        wanted_.clear();
    }
}

std::optional<Address> AddressBook::find(std::string_view server) noexcept {
    if (!in_use_ || server.empty()) {
        return std::nullopt;
    }
    const Clock::time_point now = clock_();
    std::optional<Address> address;
    bool noted = false;
    {
        const std::scoped_lock lock(mutex_);
        Shelf& shelf = shelves_[shelf_of(server)];
        const auto entry = std::ranges::find(shelf, server, &Entry::server);
        if (entry != shelf.end()) {
            entry->asked = now;
            address = now < entry->known_until ? std::optional(entry->address) : std::nullopt;
        }
        noted = (entry == shelf.end() || now >= entry->fresh_until) && wanted_.add(server);
    }
    if (noted) {
        changed_.notify_one();
    }
    return address;
}

bool AddressBook::next(std::string& server) {
    server.reserve(WantedNames::longest);
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return closed_ || !wanted_.empty(); });
        if (closed_ || !wanted_.take(server)) {
            return false;
        }
    }
    // Nobody else looks it up meanwhile.
    change(server, [](Entry& entry, Clock::time_point now) { entry.fresh_until = now + retry_after; });
    return true;
}

void AddressBook::learn(const std::string& server, std::span<const Address> addresses) {
    change(server, [&](Entry& entry, Clock::time_point now) {
        if (addresses.empty()) {
            entry.fresh_until = now + retry_after;
            return;
        }
        entry.address = farthest(addresses);
        entry.fresh_until = now + refresh_after;
        entry.known_until = now + forget_after;
    });
}

void AddressBook::close() {
    {
        const std::scoped_lock lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
}

template <class Change>
void AddressBook::change(const std::string& server, const Change& change) {
    const Clock::time_point now = clock_();
    Entry entry;
    entry.server = server;
    entry.asked = now;
    // What is replaced is freed when the lock is open again.
    const std::scoped_lock lock(mutex_);
    Shelf& shelf = shelves_[shelf_of(server)];
    auto place = std::ranges::find(shelf, server, &Entry::server);
    if (place == shelf.end()) {
        place = std::ranges::min_element(
            shelf, {}, [now](const Entry& one) { return std::pair(now < one.known_until, one.asked); });
        std::swap(*place, entry);
    }
    change(*place, now);
}

} // namespace maptrail::rules
