// What a crowd of bad clients costs a good one.
#include "common/product.hpp"
#include "service/listen/listener.hpp"
#include "tests/windows/service_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

using namespace maptrail;
using namespace maptrail::test;

namespace {

using std::chrono::milliseconds;

/// Takes whatever is a frame.
class Taker final : public FrameHandler {
public:
    void handle(std::span<const std::byte> frame, const CallerCache& /*caller*/, wire::Reply& reply) override {
        wire::Request request;
        const bool good = wire::decode(frame, request) == wire::DecodeError::none;
        reply.result = static_cast<std::uint16_t>(good ? wire::Result::accepted : wire::Result::refused_malformed);
        reply.sequence = request.sequence;
    }
};

/// A listener whose every hundred clients are of a process of their own.
struct FloodedService {
    FloodedService(unsigned most_instances, unsigned threads)
        : listener(options(most_instances, threads), callers, taker) {
        callers.process = [this](HANDLE) { return 1 + connected++ / 100; };
        listener.start();
    }
    ListenerOptions options(unsigned most_instances, unsigned threads) const {
        ListenerOptions result{pipe, notify_pipe_access};
        result.most_instances = most_instances;
        result.threads = threads;
        return result;
    }

    std::wstring pipe = fresh_pipe_name();
    std::atomic<std::uint64_t> connected{0};
    FakeCallers callers;
    Taker taker;
    Listener listener;
};

/// How long each of so many calls took.
template <class Call>
std::vector<milliseconds> times_of(int count, const Call& call) {
    std::vector<milliseconds> times;
    for (int i = 1; i <= count; ++i) {
        const auto start = std::chrono::steady_clock::now();
        REQUIRE(call(static_cast<std::uint64_t>(i)));
        times.push_back(std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start));
    }
    std::sort(times.begin(), times.end());
    return times;
}

std::vector<std::unique_ptr<Sender>> connect(const std::wstring& pipe, int count) {
    std::vector<std::unique_ptr<Sender>> senders;
    for (int i = 0; i < count; ++i) {
        senders.push_back(std::make_unique<Sender>(pipe));
    }
    return senders;
}

void check(const std::vector<milliseconds>& times) {
    CAPTURE(times.front().count(), times.back().count());
    CHECK(times[times.size() / 2] < milliseconds(default_budget_ms));
    CHECK(times.back() < std::chrono::seconds(2));
}

} // namespace

TEST_CASE("a good client has its receipt in the budget beside 1,000 idle clients, floods and half messages") {
    FloodedService service(2048, GENERATE(1U, 4U));
    const auto idle = connect(service.pipe, 1'000);
    Sender good(service.pipe);
    REQUIRE(accepted(good, 1));

    const Frame frame(1);
    Sender half(service.pipe);
    REQUIRE(half.send(frame.bytes().first(frame.size / 2))); // and nothing more, nor does it read the answer

    std::atomic<bool> over{false};
    std::atomic<std::uint64_t> flood{0};
    std::vector<std::jthread> floods;
    for (int i = 0; i < 4; ++i) {
        floods.emplace_back([&] {
            Sender sender(service.pipe);
            while (!over) {
                constexpr int ahead = 20; // written before it reads an answer
                int sent = 0;
                while (sent < ahead && sender.send(frame.bytes())) {
                    ++sent;
                }
                wire::Reply reply{};
                while (sent > 0 && sender.receive(reply)) {
                    --sent;
                }
                flood += ahead;
            }
        });
    }
    // One that writes and never reads.
    floods.emplace_back([&] {
        Sender sender(service.pipe);
        while (!over && sender.send(frame.bytes())) {
        }
    });
    const auto times = times_of(100, [&](std::uint64_t sequence) { return accepted(good, sequence); });
    over = true;
    check(times);
    CHECK(flood > 100);
    CHECK(service.listener.counts().evicted == 0);
    CHECK(service.listener.counts().malformed == 1);
}

TEST_CASE("idle clients who hold every instance keep nobody out") {
    FloodedService service(300, GENERATE(1U, 4U));
    const auto idle = connect(service.pipe, 400);
    const auto times = times_of(100, [&](std::uint64_t sequence) {
        Sender newcomer(service.pipe);
        return accepted(newcomer, sequence);
    });
    check(times);
    CHECK(service.listener.counts().evicted >= 100);
    CHECK(service.listener.counts().instances <= 300);
}
