#include "tests/unit/drain_fixture.hpp"

#include <atomic>
#include <numeric>

using namespace maptrail;
using namespace maptrail::drain_test;

namespace {

std::vector<std::uint64_t> up_to(std::uint64_t last) {
    std::vector<std::uint64_t> numbers(last);
    std::iota(numbers.begin(), numbers.end(), std::uint64_t{1});
    return numbers;
}

} // namespace

TEST_CASE_METHOD(DrainFixture, "What arrives is stored once, in order and with names", "[drain]") {
    start();
    for (std::uint64_t i = 1; i <= 50; ++i) {
        arrive(i);
    }
    REQUIRE(eventually([&] { return drain->counts().stored == 50; }));
    CHECK(stored() == up_to(50));
    CHECK(inbox->counts().waiting == 0);
    CHECK(drain->counts().store.notifications == 50);
    CHECK(drain->counts().failures == 0);
    const Identity identity = store.with([](StoreState& state) { return state.stored.front().identity; });
    CHECK(identity.user_name == "name of S-1-5-18");
    CHECK(identity.user_domain == "CORP");
}

TEST_CASE_METHOD(DrainFixture, "How far operations have ended is told when it is stored", "[drain]") {
    std::atomic<std::int64_t> told{0};
    system.ended = [&told](const Place& place) { told = place.number; };
    start();
    arrive(1);
    CHECK(eventually([&] { return told == 1; }));
    store.with([](StoreState& state) { state.record_failure = "disk full"; });
    arrive(2);
    REQUIRE(eventually([&] { return drain->counts().failures >= 1; }));
    CHECK(told == 1);
    store.with([](StoreState& state) { state.record_failure.clear(); });
    CHECK(eventually([&] { return told == 2; }));
    drain.reset(); // before what it tells
}

TEST_CASE_METHOD(DrainFixture, "While the store fails nothing is released, and afterwards nothing is missing or double",
                 "[drain]") {
    store.with([](StoreState& state) { state.record_failure = "disk full"; });
    start();
    arrive(1);
    const std::array<std::byte, 16> rubbish{};
    REQUIRE(inbox->append(rubbish));
    arrive(2);
    REQUIRE(eventually([&] { return drain->counts().failures >= 3; }));
    CHECK(inbox->counts().waiting == 3);
    CHECK(stored().empty());
    CHECK(drain->counts().stored == 0);
    CHECK(drain->counts().unreadable == 0); // they still wait
    CHECK(logged("disk full") == 1);        // not at each attempt
    CHECK(logged("no notification") == 0);

    store.with([](StoreState& state) { state.record_failure.clear(); });
    arrive(3);
    REQUIRE(eventually([&] { return drain->counts().stored == 3; }));
    CHECK(stored() == up_to(3));
    CHECK(inbox->counts().waiting == 0);
    CHECK(drain->counts().unreadable == 1);
    CHECK(logged("takes notifications again") == 1);

    store.with([](StoreState& state) { state.record_failure = "disk full"; });
    arrive(4);
    REQUIRE(eventually([&] { return logged("disk full") == 2; })); // a new failure is told again
}

TEST_CASE_METHOD(DrainFixture, "A record that is no notification is counted and passed over", "[drain]") {
    arrive(1);
    const std::array<std::byte, 100> rubbish{};
    REQUIRE(inbox->append(rubbish));
    REQUIRE(inbox->append(std::span(rubbish).first(8)));
    arrive(2);
    start();
    REQUIRE(eventually([&] { return drain->counts().stored == 2; }));
    REQUIRE(eventually([&] { return drain->counts().unreadable == 2; }));
    CHECK(stored() == up_to(2));
    CHECK(inbox->counts().waiting == 0);
    REQUIRE(eventually([&] { return logged("no notification: 2 (too short)") == 1; }));
    CHECK(drain->counts().failures == 0);
}

TEST_CASE_METHOD(DrainFixture, "stop() moves what is left", "[drain]") {
    store.with([](StoreState& state) { state.record_failure = "busy"; });
    start();
    constexpr std::uint64_t number = 2'500; // more than a batch
    for (std::uint64_t i = 1; i <= number; ++i) {
        arrive(i);
    }
    REQUIRE(eventually([&] { return drain->counts().failures >= 1; }));
    // The drain is in its pause after a failure, or about to be: what follows is stop()'s work.
    store.with([](StoreState& state) { state.record_failure.clear(); });
    drain->stop();
    CHECK(stored() == up_to(number));
    CHECK(inbox->counts().waiting == 0);
}

TEST_CASE_METHOD(DrainFixture, "stop() ends although the store fails, and leaves the rest in the inbox", "[drain]") {
    store.with([](StoreState& state) { state.record_failure = "disk full"; });
    start();
    arrive(1);
    REQUIRE(eventually([&] { return drain->counts().failures >= 1; }));
    const auto begin = std::chrono::steady_clock::now();
    drain->stop();
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
    CHECK(inbox->counts().waiting == 1);
}
