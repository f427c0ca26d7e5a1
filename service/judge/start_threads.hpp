// Threads, where fewer of them will do.
#pragma once

#include <exception>
#include <thread>
#include <vector>

namespace maptrail {

/// As many as the system lets `start` make, `wanted` at most. Throws what `start` threw if it makes none.
template <class Start>
[[nodiscard]] std::vector<std::thread> start_threads(unsigned wanted, const Start& start) {
    std::vector<std::thread> threads;
    threads.reserve(wanted); // what has started must not be lost to a lack of memory
    while (threads.size() < wanted) {
        try {
            threads.push_back(start());
        } catch (const std::exception&) {
            if (threads.empty()) {
                throw;
            }
            break;
        }
    }
    return threads;
}

} // namespace maptrail
