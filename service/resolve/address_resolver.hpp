// Looks up the names that an AddressBook wants, on threads of its own: nobody who judges waits for a name server.
#pragma once

#include "service/rules/address_book.hpp"

#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace maptrail {

/// What it has of the world.
struct ResolverSystem {
    /// No addresses: there are none, or nobody told in time. Several threads at once. May throw.
    std::function<std::vector<rules::Address>(const std::string& server)> look_up;
    /// From then on each look_up, those under way too, ends at once.
    std::function<void()> cancel;
};

class AddressResolver {
public:
    /// `book` must outlive it.
    AddressResolver(rules::AddressBook& book, ResolverSystem system) : book_(book), system_(std::move(system)) {}
    AddressResolver(const AddressResolver&) = delete;
    AddressResolver& operator=(const AddressResolver&) = delete;
    ~AddressResolver() { stop(); }

    /// Several threads: a name that nobody answers for holds up no other. Throws std::system_error.
    void start(unsigned threads = 4);

    /// Returns when no look-up is under way. Closes the book.
    void stop();

private:
    void work();

    rules::AddressBook& book_;
    ResolverSystem system_;
    std::vector<std::thread> threads_;
};

} // namespace maptrail
