#include "service/throttle/throttle.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;
using namespace std::chrono_literals;

namespace {

struct Timed {
    maptrail::Throttle::Clock::time_point now{};
    maptrail::Throttle throttle;

    explicit Timed(std::size_t memory = maptrail::Throttle::default_memory)
        : throttle([this] { return now; }, memory) {}

    bool allowed(std::string_view key) { return throttle.ask(key, 2, 60s).allowed; }
};

} // namespace

TEST_CASE("A throttle lets so many through in its time, then none until it is over", "[sinks]") {
    Timed timed;
    CHECK(timed.allowed("a"));
    timed.now += 30s;
    CHECK(timed.allowed("a"));
    CHECK_FALSE(timed.allowed("a"));
    timed.now += 29s;
    CHECK_FALSE(timed.allowed("a"));
    timed.now += 1s;
    CHECK(timed.allowed("a"));
    CHECK(timed.allowed("a"));
    CHECK_FALSE(timed.allowed("a"));
}

TEST_CASE("A throttle's keys do not count for each other", "[sinks]") {
    Timed timed;
    CHECK(timed.allowed("a"));
    CHECK(timed.allowed("a"));
    CHECK(timed.allowed(std::string_view("a\0b", 3)));
    CHECK_FALSE(timed.allowed("a"));
    CHECK(timed.allowed(""));
    CHECK(timed.throttle.keys() == 3);
}

TEST_CASE("What a throttle held back is told with the next that it lets through", "[sinks]") {
    Timed timed;
    CHECK(timed.throttle.ask("a", 1, 10s).suppressed == 0);
    for (int i = 0; i < 5; ++i) {
        const auto answer = timed.throttle.ask("a", 1, 10s);
        CHECK_FALSE(answer.allowed);
    }
    timed.now += 10s;
    CHECK(timed.throttle.ask("a", 1, 10s).suppressed == 5);
    CHECK(timed.throttle.ask("b", 1, 10s).suppressed == 0);
    timed.now += 10s;
    CHECK(timed.throttle.ask("a", 1, 10s).suppressed == 0);
    CHECK(timed.throttle.suppressed() == 5);
}

TEST_CASE("A throttle of any number of keys takes bounded memory, and forgets those least asked for", "[sinks]") {
    Timed timed(100'000);
    CHECK(timed.allowed("kept"));
    CHECK(timed.allowed("kept"));
    CHECK(timed.allowed("forgotten"));
    CHECK(timed.allowed("forgotten"));
    for (int i = 0; i < 10'000; ++i) {
        CHECK(timed.allowed("key " + std::to_string(i)));
        REQUIRE_FALSE(timed.allowed("kept"));
        REQUIRE(timed.throttle.keys() < 400);
    }
    CHECK(timed.allowed("forgotten"));
}

TEST_CASE("A key longer than all of a throttle's memory is throttled all the same", "[sinks]") {
    Timed timed(1'000);
    const std::string key(10'000, 'x');
    CHECK(timed.allowed(key));
    CHECK(timed.allowed(key));
    CHECK_FALSE(timed.allowed(key));
    CHECK(timed.throttle.keys() == 1);
}
