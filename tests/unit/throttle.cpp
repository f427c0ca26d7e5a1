#include "service/throttle/throttle.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;
using namespace std::chrono_literals;

namespace {

struct Timed {
    Throttle::Clock::time_point now{};
    Throttle throttle;

    explicit Timed(std::size_t memory = Throttle::default_memory) : throttle([this] { return now; }, memory) {}

    bool allowed(std::string_view key) { return throttle.ask({key, 2, 60s}).allowed; }
};

} // namespace

TEST_CASE("A throttle lets so many through in its time, then none until it is over", "[throttle]") {
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

TEST_CASE("A throttle's keys do not count for each other", "[throttle]") {
    Timed timed;
    CHECK(timed.allowed("a"));
    CHECK(timed.allowed("a"));
    CHECK(timed.allowed(std::string_view("a\0b", 3)));
    CHECK_FALSE(timed.allowed("a"));
    CHECK(timed.allowed(""));
    CHECK(timed.throttle.keys() == 3);
}

TEST_CASE("What a throttle held back is told with the next that it lets through", "[throttle]") {
    Timed timed;
    CHECK(timed.throttle.ask({"a", 1, 10s}).suppressed == 0);
    for (int i = 0; i < 5; ++i) {
        const auto answer = timed.throttle.ask({"a", 1, 10s});
        CHECK_FALSE(answer.allowed);
    }
    timed.now += 10s;
    CHECK(timed.throttle.ask({"a", 1, 10s}).suppressed == 5);
    CHECK(timed.throttle.ask({"b", 1, 10s}).suppressed == 0);
    timed.now += 10s;
    CHECK(timed.throttle.ask({"a", 1, 10s}).suppressed == 0);
    CHECK(timed.throttle.suppressed() == 5);
}

TEST_CASE("A throttle of any number of keys takes bounded memory, and forgets those least asked for", "[throttle]") {
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

TEST_CASE("A key longer than all of a throttle's memory is throttled all the same", "[throttle]") {
    Timed timed(1'000);
    const std::string key(10'000, 'x');
    CHECK(timed.allowed(key));
    CHECK(timed.allowed(key));
    CHECK_FALSE(timed.allowed(key));
    CHECK(timed.throttle.keys() == 1);
}

TEST_CASE("Two limits let through what both let through, and tell what either held back", "[throttle]") {
    Timed timed;
    const auto ask = [&](std::string_view key) { return timed.throttle.ask({key, 2, 10s}, {"all", 3, 60s}); };
    CHECK(ask("a").allowed);
    CHECK(ask("a").allowed);
    CHECK_FALSE(ask("a").allowed); // by its own limit: counts for nobody else
    CHECK(ask("b").allowed);
    CHECK_FALSE(ask("b").allowed); // by the one over all
    CHECK_FALSE(ask("c").allowed);
    timed.now += 10s;
    CHECK_FALSE(ask("a").allowed);
    timed.now += 50s;
    CHECK(ask("a").suppressed == 4);
    CHECK(ask("b").suppressed == 0);
    CHECK(ask("c").allowed);
    CHECK_FALSE(ask("d").allowed);
    CHECK(timed.throttle.suppressed() == 5);
}

TEST_CASE("A limit over all holds for any number of keys, and in hardly any memory", "[throttle]") {
    Timed timed(1'000);
    int allowed = 0;
    for (int i = 0; i < 10'000; ++i) {
        allowed += timed.throttle.ask({"key " + std::to_string(i), 1, 60s}, {"all", 30, 60s}).allowed ? 1 : 0;
    }
    CHECK(allowed == 30);
}
