#include "service/resolve/address_resolver.hpp"

#include <exception>

namespace maptrail {

void AddressResolver::start(unsigned threads) {
    threads_.reserve(threads);
    for (unsigned i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { work(); });
    }
}

void AddressResolver::stop() {
    book_.close();
    if (system_.cancel) {
        system_.cancel();
    }
    for (std::thread& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

void AddressResolver::work() {
    std::string server;
    for (;;) {
        try {
            if (!book_.next(server)) {
                return;
            }
            book_.learn(server, system_.look_up(server));
        } catch (const std::exception&) {
            // The name stays unknown, and is asked for again with a later operation.
        }
    }
}

} // namespace maptrail
