#include "service/listen/listener.hpp"
#include "tests/windows/service_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <sddl.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

using namespace maptrail;
using namespace maptrail::test;

namespace {

/// Remembers who sent what.
class Recorder final : public FrameHandler {
public:
    void handle(std::span<const std::byte> frame, const CallerCache& caller, wire::Reply& reply) override {
        wire::Request request;
        if (wire::decode(frame, request) != wire::DecodeError::none) {
            reply.result = static_cast<std::uint16_t>(wire::Result::refused_malformed);
            return;
        }
        reply.result = static_cast<std::uint16_t>(wire::Result::accepted);
        reply.sequence = request.sequence;
        const std::scoped_lock lock(mutex);
        sids[request.sequence] = caller.identity->user_sid;
        names[request.sequence] = caller.identity->user_name;
        processes[request.sequence] = *caller.process;
    }

    std::mutex mutex;
    std::map<std::uint64_t, std::string> sids;
    std::map<std::uint64_t, std::string> names;
    std::map<std::uint64_t, ClientProcess> processes;
};

struct ListeningService {
    explicit ListeningService(const ListenerOptions& options = {}) : listener(complete(options), callers, recorder) {
        listener.start();
    }
    ListenerOptions complete(ListenerOptions options) const {
        options.pipe_name = pipe;
        options.access = notify_pipe_access;
        return options;
    }

    std::wstring pipe = fresh_pipe_name();
    FakeCallers callers;
    Recorder recorder;
    Listener listener;
};

/// Whether somebody who connects now gets a receipt; else he was hung up on, at whatever point.
bool serves_newcomer(const std::wstring& pipe, std::uint64_t sequence) {
    try {
        Sender sender(pipe);
        return accepted(sender, sequence);
    } catch (const win32::Error&) {
        return false;
    }
}

template <class Condition>
bool within_ten_seconds(const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) { // asked no more once it held: it may connect
        if (std::chrono::steady_clock::now() >= end) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
}

} // namespace

TEST_CASE("a frame is answered, and what it says of its sender is not believed") {
    ListeningService service;
    Sender sender(service.pipe);
    REQUIRE(accepted(sender, 1));
    const ClientProcess& process = service.recorder.processes.at(1);
    CHECK(process.pid == GetCurrentProcessId());
    CHECK(process.bitness == 64);
    CHECK(process.started > 0);
    CHECK(process.path.ends_with("maptrail_service_tests.exe"));
    CHECK(service.recorder.sids.at(1) == "S-1-5-21-1-2-3-1001");
}

TEST_CASE("the identity is read once for a connection, and anew for the next one of its instance") {
    ListenerOptions options;
    options.most_instances = 2;
    options.spare_instances = 1;
    ListeningService service(options);
    std::mutex mutex;
    std::vector<HANDLE> asked;
    service.callers.sid = [&](HANDLE pipe) {
        const std::scoped_lock lock(mutex);
        asked.push_back(pipe);
        return "S-1-5-21-" + std::to_string(asked.size());
    };
    Sender first(service.pipe);
    REQUIRE(accepted(first, 1));
    REQUIRE(accepted(first, 2));
    CHECK(service.recorder.sids.at(1) == "S-1-5-21-1");
    CHECK(service.recorder.sids.at(2) == "S-1-5-21-1");
    // There are two instances and one of them is to wait: whoever comes takes the place of who was there.
    Sender second(service.pipe);
    REQUIRE(within_ten_seconds([&] { return service.listener.counts().waiting == 1; }));
    Sender third(service.pipe);
    REQUIRE(accepted(third, 3));
    CHECK(service.recorder.sids.at(3) == "S-1-5-21-2");
    const std::scoped_lock lock(mutex);
    REQUIRE(asked.size() == 2);
    CHECK(asked[0] == asked[1]);
}

TEST_CASE("an identity that could not be read is asked for again") {
    ListeningService service;
    std::atomic<int> asked{0};
    service.callers.sid = [&](HANDLE) { return std::string(++asked == 1 ? "" : "S-1-5-21-2"); };
    Sender sender(service.pipe);
    CHECK_FALSE(accepted(sender, 1));
    CHECK(accepted(sender, 2));
    CHECK(service.recorder.sids == std::map<std::uint64_t, std::string>{{2, "S-1-5-21-2"}});
}

TEST_CASE("a user's name that was not known at first is asked for with the next frames of the connection") {
    ListeningService service;
    Sender sender(service.pipe);
    REQUIRE(accepted(sender, 1));
    service.callers.name = "anna";
    REQUIRE(accepted(sender, 2));
    service.callers.name = "somebody else"; // known, so not asked for again
    REQUIRE(accepted(sender, 3));
    CHECK(service.recorder.names == std::map<std::uint64_t, std::string>{{1, ""}, {2, "anna"}, {3, "anna"}});
}

TEST_CASE("a process may hold so many connections, and another one is not concerned") {
    ListenerOptions options;
    options.most_per_process = 4;
    ListeningService service(options);
    std::atomic<std::uint64_t> process{1};
    service.callers.process = [&](HANDLE) { return process.load(); };
    std::vector<std::unique_ptr<Sender>> senders;
    for (std::uint64_t i = 1; i <= 4; ++i) {
        senders.push_back(std::make_unique<Sender>(service.pipe));
        REQUIRE(accepted(*senders.back(), i));
    }
    CHECK_FALSE(serves_newcomer(service.pipe, 10));
    CHECK(service.listener.counts().over_quota == 1);
    process = 2;
    CHECK(serves_newcomer(service.pipe, 11));
    process = 1;
    senders.pop_back();
    CHECK(within_ten_seconds([&] { return serves_newcomer(service.pipe, 12); }));
    for (std::uint64_t i = 0; i < 3; ++i) {
        CHECK(accepted(*senders[i], 20 + i));
    }
}

TEST_CASE("without room, the longest idle connection of the process that holds most has to go") {
    ListenerOptions options;
    options.threads = GENERATE(1U, 4U);
    options.most_instances = 20;
    options.spare_instances = 4;
    ListeningService service(options);
    std::atomic<std::uint64_t> process{0};
    service.callers.process = [&](HANDLE) { return process.load(); };
    std::uint64_t sequence = 0;
    const auto connect = [&](std::uint64_t of) {
        process = of;
        auto sender = std::make_unique<Sender>(service.pipe);
        REQUIRE(accepted(*sender, ++sequence));
        return sender;
    };
    std::vector<std::unique_ptr<Sender>> few;
    std::vector<std::unique_ptr<Sender>> many;
    few.push_back(connect(2));
    for (int i = 0; i < 10; ++i) {
        many.push_back(connect(1));
    }
    REQUIRE(accepted(*many.front(), ++sequence));
    for (int i = 0; i < 5; ++i) {
        few.push_back(connect(2));
    }
    CHECK(service.listener.counts().evicted == 0);
    CHECK(service.listener.counts().clients == 16);

    few.push_back(connect(2));
    REQUIRE(within_ten_seconds([&] { return service.listener.counts().waiting == 4; }));
    CHECK(service.listener.counts().evicted == 1);
    CHECK(service.listener.counts().clients == 16);
    for (std::size_t i = 0; i < many.size(); ++i) {
        CAPTURE(i);
        CHECK(accepted(*many[i], ++sequence) == (i != 1)); // the first was used after the second
    }
    for (const auto& sender : few) {
        CHECK(accepted(*sender, ++sequence));
    }
    many[1] = connect(1); // and comes back
}

TEST_CASE("a sender whose token can't be read is refused, and counted") {
    ListeningService service;
    service.callers.sid = [](HANDLE) { return std::string(); };
    Sender sender(service.pipe);
    wire::Reply reply{};
    REQUIRE(sender.exchange(Frame(1).bytes(), reply));
    CHECK(reply.result == static_cast<std::uint16_t>(wire::Result::refused_identity));
    CHECK(service.listener.counts().unidentified == 1);
    CHECK(service.recorder.sids.empty());
}

TEST_CASE("malformed, truncated and oversized messages are refused and counted, and the next good one is served") {
    ListeningService service;
    Sender sender(service.pipe);
    const Frame good(1);
    std::vector<std::byte> oversized(100'000, std::byte{0x4D});
    std::copy(good.bytes().begin(), good.bytes().end(), oversized.begin());
    std::vector<std::byte> flipped(good.bytes().begin(), good.bytes().end());
    flipped[40] ^= std::byte{1};
    const std::vector<std::span<const std::byte>> bad = {good.bytes().first(1), good.bytes().first(good.size - 1),
                                                         flipped, oversized};
    std::uint64_t sequence = 100;
    std::uint64_t refused = 0;
    for (const auto bytes : bad) {
        wire::Reply reply{};
        CAPTURE(bytes.size());
        REQUIRE(sender.exchange(bytes, reply));
        CHECK(reply.result == static_cast<std::uint16_t>(wire::Result::refused_malformed));
        CHECK(service.listener.counts().malformed == ++refused);
        CHECK(accepted(sender, ++sequence));
    }
}

TEST_CASE("a client that goes on sending rubbish is thrown out, and others are served") {
    ListeningService service;
    Sender bad(service.pipe);
    Sender good(service.pipe);
    const std::array<std::byte, 3> rubbish{};
    wire::Reply reply{};
    int answered = 0;
    while (answered < 100 && bad.exchange(rubbish, reply)) {
        ++answered;
    }
    CHECK(answered < 100);
    CHECK(service.listener.counts().disconnected == 1);
    CHECK(accepted(good, 1));
    Sender again(service.pipe);
    CHECK(accepted(again, 2));
}

TEST_CASE("200 clients at once are all served, over the connections that they keep") {
    ListenerOptions options;
    options.most_per_process = 200;
    ListeningService service(options);
    std::vector<std::unique_ptr<Sender>> senders;
    for (int i = 0; i < 200; ++i) {
        senders.push_back(std::make_unique<Sender>(service.pipe));
    }
    // All of them ask before the first reads its answer.
    for (int round = 0; round < 3; ++round) {
        for (std::size_t i = 0; i < senders.size(); ++i) {
            REQUIRE(senders[i]->send(Frame(static_cast<std::uint64_t>(round) * 1000 + i + 1).bytes()));
        }
        for (std::size_t i = 0; i < senders.size(); ++i) {
            wire::Reply reply{};
            REQUIRE(senders[i]->receive(reply));
            CHECK(reply.sequence == static_cast<std::uint64_t>(round) * 1000 + i + 1);
        }
    }
    CHECK(service.recorder.sids.size() == 600);
    CHECK(service.listener.counts().clients == 200);
}

TEST_CASE("clients that connect and leave, also without a word, do not use the listener up") {
    ListenerOptions options;
    options.most_instances = 64;
    ListeningService service(options);
    for (std::uint64_t i = 1; i <= 300; ++i) {
        Sender sender(service.pipe);
        if (i % 2 == 0) {
            CHECK(accepted(sender, i));
        }
    }
    CHECK(service.recorder.sids.size() == 150);
    Sender last(service.pipe);
    CHECK(accepted(last, 1000));
}

TEST_CASE("the listener stops at once, with clients that are mute and clients in the middle of something") {
    auto service = std::make_unique<ListeningService>();
    std::vector<std::unique_ptr<Sender>> mute;
    for (int i = 0; i < 64; ++i) {
        mute.push_back(std::make_unique<Sender>(service->pipe));
    }
    std::atomic<bool> over{false};
    std::jthread busy([&] {
        Sender sender(service->pipe);
        for (std::uint64_t i = 1; accepted(sender, i); ++i) {
        }
        over = true;
    });
    while (service->listener.counts().received < 10) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    const auto start = std::chrono::steady_clock::now();
    service->listener.stop();
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
    busy.join();
    CHECK(over);
    service->listener.stop(); // once more does no harm
}

TEST_CASE("a listener can be started again after a stop") {
    ListeningService service;
    service.listener.stop();
    service.listener.start();
    Sender sender(service.pipe);
    CHECK(accepted(sender, 1));
}

TEST_CASE("nobody but the service may make an instance of the notify pipe") {
    win32::LocalMemory<void> descriptor;
    REQUIRE(ConvertStringSecurityDescriptorToSecurityDescriptorW(notify_pipe_access, SDDL_REVISION_1,
                                                                 descriptor.receive(), nullptr));
    PSID owner = nullptr;
    PACL list = nullptr;
    BOOL present = FALSE;
    BOOL defaulted = FALSE;
    REQUIRE(GetSecurityDescriptorOwner(descriptor.get(), &owner, &defaulted));
    CHECK(IsWellKnownSid(owner, WinLocalSystemSid));
    REQUIRE(GetSecurityDescriptorDacl(descriptor.get(), &present, &list, &defaulted));
    REQUIRE(list->AceCount == 3);
    for (DWORD i = 0; i < list->AceCount; ++i) {
        void* entry = nullptr;
        REQUIRE(GetAce(list, i, &entry));
        auto* allowed = static_cast<ACCESS_ALLOWED_ACE*>(entry);
        CHECK(allowed->Header.AceType == ACCESS_ALLOWED_ACE_TYPE);
        if (!IsWellKnownSid(&allowed->SidStart, WinLocalSystemSid)) {
            CHECK((allowed->Mask & FILE_CREATE_PIPE_INSTANCE) == 0);
            CHECK((allowed->Mask & (WRITE_DAC | WRITE_OWNER | DELETE)) == 0);
            CHECK((allowed->Mask & (FILE_READ_DATA | FILE_WRITE_DATA)) == (FILE_READ_DATA | FILE_WRITE_DATA));
        }
    }
}
