#include "tests/unit/drain_fixture.hpp"

#include "service/inbox/loss_notice.hpp"

#include <catch_amalgamated.hpp>

#include <fstream>

using namespace maptrail;
using namespace maptrail::drain_test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::vector<Loss> losses(FakeStore& store) {
    return store.with([](StoreState& state) { return state.losses; });
}

} // namespace

TEST_CASE_METHOD(DrainFixture, "A loss notice is stored with the batch in which it lies", "[drain][loss]") {
    Loss told;
    told.id = new_loss_id();
    told.kind = LossKind::refused;
    told.time = now;
    told.identity.user_sid = "S-1-5-18";
    arrive(1);
    REQUIRE(inbox->append(encode_loss_notice(told)));
    arrive(2);
    start();
    REQUIRE(eventually([&] { return drain->counts().stored == 2; }));
    CHECK(store.with([](StoreState& state) { return state.record_calls; }) == 1);
    REQUIRE(losses(store).size() == 1);
    CHECK(losses(store)[0].id == told.id);
    CHECK(losses(store)[0].kind == LossKind::refused);
    CHECK(losses(store)[0].identity.user_name == "name of S-1-5-18");
    CHECK(inbox->counts().waiting == 0);
    CHECK(drain->counts().unreadable == 0);
}

TEST_CASE_METHOD(DrainFixture, "What is no notification becomes a loss, and its bytes are kept", "[drain][loss]") {
    const std::string rubbish = "rubbish that lay in the inbox";
    REQUIRE(inbox->append(std::as_bytes(std::span(rubbish))));
    const std::string no_notice = "MTLOSS1\n{}";
    REQUIRE(inbox->append(std::as_bytes(std::span(no_notice))));
    store.with([](StoreState& state) { state.record_failure = "disk full"; });
    start();
    REQUIRE(eventually([&] { return drain->counts().failures >= 2; }));
    CHECK(inbox->counts().waiting == 2);
    store.with([](StoreState& state) { state.record_failure.clear(); });
    REQUIRE(eventually([&] { return drain->counts().unreadable == 2; }));
    const auto told = losses(store);
    REQUIRE(told.size() == 2);
    for (const Loss& loss : told) {
        CHECK(loss.kind == LossKind::damaged);
        CHECK(loss.count == 1);
        CHECK(loss.time == now);
        CHECK_THAT(loss.reason, ContainsSubstring("quarantine"));
    }
    CHECK(told[0].id != told[1].id);
    const auto bytes = inbox_test::read_file(folder / "inbox.quarantine-1");
    const std::string kept(bytes.begin(), bytes.end());
    CHECK(kept.size() ==
          std::size_t{2} * 16 + rubbish.size() + no_notice.size()); // once, although it was tried several times
    CHECK_THAT(kept, ContainsSubstring(rubbish) && ContainsSubstring(no_notice));
}

TEST_CASE_METHOD(DrainFixture, "Damage of the inbox itself is told, also if nothing else is in it", "[drain][loss]") {
    arrive(1);
    const std::filesystem::path file = folder / "inbox";
    inbox.reset();
    auto bytes = inbox_test::read_file(file);
    const bool at_opening = GENERATE(true, false);
    if (at_opening) {
        bytes.at(4096 + 40) ^= 1; // in the record's payload
        inbox_test::write_file(file, bytes);
    }
    inbox = Inbox::open(file, 1U << 20U);
    if (!at_opening) {
        std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
        stream.seekp(4096 + 40);
        stream.put(static_cast<char>(bytes.at(4096 + 40) ^ 1));
    }
    store.with([](StoreState& state) { state.record_failure = "disk full"; });
    start();
    REQUIRE(eventually([&] { return drain->counts().failures >= 2; }));
    store.with([](StoreState& state) { state.record_failure.clear(); });
    REQUIRE(eventually([&] { return losses(store).size() == 1; }));
    CHECK(losses(store)[0].kind == LossKind::damaged);
    CHECK(losses(store)[0].count == 1);
    arrive(2);
    REQUIRE(eventually([&] { return drain->counts().stored == 1; }));
    CHECK(losses(store).size() == 1);
}

TEST_CASE_METHOD(DrainFixture, "Gaps are settled while the inbox is empty, by the drain's rules", "[drain][loss]") {
    options.gap_grace = std::chrono::milliseconds(1234);
    store.with([](StoreState& state) { state.missing = 5; });
    const auto calls = [&] { return store.with([](StoreState& state) { return state.settled.size(); }); };
    SECTION("empty") {
        start();
        REQUIRE(eventually([&] { return calls() >= 2; }));
        const GapRules rules = store.with([](StoreState& state) { return state.settled.front(); });
        CHECK(rules.grace == std::chrono::milliseconds(1234));
        REQUIRE(rules.spool_is_clear);
        CHECK_FALSE(rules.spool_is_clear(rules.now));
        CHECK(logged("never arrived: 5") == 1);
    }
    SECTION("not empty") {
        store.with([](StoreState& state) { state.record_failure = "busy"; });
        options.sweep_overdue = std::chrono::milliseconds(10);
        arrive(1);
        start();
        REQUIRE(eventually(
            [&] { return store.with([](StoreState& state) { return state.given_up_before.size() >= 2; }); }));
        CHECK(calls() == 0);
    }
}

TEST_CASE_METHOD(DrainFixture, "What was lost and what rules matched is told once it is stored", "[drain][loss]") {
    std::mutex mutex;
    std::vector<std::string> told;
    const auto tell = [&](const std::string& what) {
        const std::scoped_lock lock(mutex);
        told.push_back(what);
    };
    system.lost = [&](const Loss& loss) { tell(loss.reason.empty() ? "refused" : "gap"); };
    system.matched = [&](const Operation& operation) { tell("operation " + std::to_string(operation.id)); };
    Loss refused;
    refused.id = new_loss_id();
    refused.kind = LossKind::refused;
    refused.time = now;
    REQUIRE(inbox->append(encode_loss_notice(refused)));
    store.with([](StoreState& state) {
        state.record_failure = "disk full";
        state.matched.resize(1);
        state.matched[0].id = 5;
    });
    start();
    REQUIRE(eventually([&] { return drain->counts().failures >= 1; }));
    {
        const std::scoped_lock lock(mutex);
        CHECK(std::ranges::count(told, "refused") == 0);
    }
    store.with([](StoreState& state) {
        state.record_failure.clear();
        state.missing = 3;
    });
    REQUIRE(eventually([&] {
        const std::scoped_lock lock(mutex);
        return told.size() == 3;
    }));
    drain->stop();
    std::ranges::sort(told);
    CHECK(told == std::vector<std::string>{"gap", "operation 5", "refused"});
}
