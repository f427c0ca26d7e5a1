#include "service/drain/stop_signal.hpp"

#include <catch_amalgamated.hpp>

#include <atomic>
#include <thread>

using namespace maptrail;

TEST_CASE("a wait ends when its time is over, and at once after a stop", "[drain]") {
    StopSignal stop;
    CHECK_FALSE(stop.wait_for(std::chrono::milliseconds(1)));
    CHECK_FALSE(stop.requested());
    stop.request();
    CHECK(stop.requested());
    CHECK(stop.wait_for(std::chrono::hours(1)));
}

TEST_CASE("a stop at any moment of a wait ends it", "[drain]") {
    for (int i = 0; i < 500; ++i) {
        StopSignal stop;
        std::atomic<bool> waits{false};
        bool stopped = false;
        std::thread waiter([&] {
            waits = true;
            stopped = stop.wait_for(std::chrono::hours(1));
        });
        while (!waits) {
            std::this_thread::yield();
        }
        std::this_thread::sleep_for(std::chrono::microseconds(i % 4 * 300));
        stop.request();
        waiter.join();
        REQUIRE(stopped);
    }
}
