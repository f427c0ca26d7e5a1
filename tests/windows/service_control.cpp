#include "service/control/client.hpp"
#include "service/control/server.hpp"
#include "service/query/query_json.hpp"
#include "tests/windows/service_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

using namespace maptrail;
using namespace maptrail::test;

namespace {

constexpr std::int64_t second = 1'000'000'000;

Notification connect(std::uint64_t number, const std::string& sid) {
    Notification n;
    n.producer.fill(7);
    n.sequence = number;
    n.operation = number;
    n.time = static_cast<std::int64_t>(number) * second;
    n.local_name = "Z:";
    n.remote_name = "\\\\server\\share-" + std::to_string(number);
    n.identity.user_sid = sid;
    n.process.pid = 1234;
    return n;
}

struct AnsweringService {
    AnsweringService() : server({pipe, control_pipe_access}, callers, subject()) { server.start(); }

    ControlSubject subject() {
        ControlSubject result;
        result.open_history = [this] { return open_history(); };
        result.status = [] { return nlohmann::json{{"version", "1.2.3"}}; };
        result.error = [this](const std::string& line) { errors.push_back(line); };
        result.vacuum = [this](const Retention& keep, const Identity& caller) {
            vacuums.push_back(keep);
            vacuum_sids.push_back(caller.user_sid);
        };
        return result;
    }

    static std::int64_t clock() { return 0; }

    TemporaryFolder folder;
    std::filesystem::path database = folder.path() / "history.db";
    std::wstring pipe = fresh_pipe_name();
    FakeCallers callers;
    std::function<std::unique_ptr<Store>()> open_history = [this] {
        return open_store(database, StoreMode::read_only, clock, {});
    };
    std::vector<std::string> errors;
    std::vector<Retention> vacuums; ///< that were asked for
    std::vector<std::string> vacuum_sids;
    ControlServer server;
};

/// A history in which a search finds nothing for ten seconds.
class EndlessHistory final : public Store {
public:
    struct Progress {
        std::atomic<bool> begun{false};
        std::atomic<bool> stopped{false};
    };
    explicit EndlessHistory(Progress& progress) : progress_(progress) {}

    Reached find(const Query& /*query*/, const std::function<bool(const Operation&)>& /*row*/,
                 const std::function<bool()>& go_on) override {
        progress_.begun = true;
        for (int i = 0; i < 1'000 && !progress_.stopped; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
            progress_.stopped = go_on && !go_on();
        }
        return {};
    }
    void record(std::span<const Notification> /*batch*/, std::span<const Loss> /*losses*/) override { refuse(); }
    void keep_config(const ConfigVersion& /*version*/, const std::string& /*text*/) override { refuse(); }
    std::optional<std::string> config_of(std::uint64_t /*version*/) override { refuse(); }
    void keep_groups(std::span<const GroupSet> /*sets*/) override { refuse(); }
    std::optional<std::vector<std::string>> groups_of(std::uint64_t /*id*/) override { refuse(); }
    std::vector<Operation> take_matched() override { refuse(); }
    std::vector<std::string> take_tampering() override { refuse(); }
    std::uint64_t settle_gaps(const GapRules& /*rules*/) override { refuse(); }
    std::vector<PendingProcess> pending_processes() override { refuse(); }
    std::uint64_t close_pending_of(std::span<const ClientProcess> /*processes*/, const std::string& /*reason*/,
                                   std::uint64_t /*most*/) override {
        refuse();
    }
    std::uint64_t close_pending_before(std::int64_t /*time*/, const std::string& /*reason*/,
                                       std::uint64_t /*most*/) override {
        refuse();
    }
    std::uint64_t forget_before(std::int64_t /*time*/, std::uint64_t /*most*/) override { refuse(); }
    std::optional<std::int64_t> surplus_before(const Retention& /*keep*/, std::uint64_t /*most*/) override { refuse(); }
    std::uint64_t give_back(std::uint64_t /*bytes*/) override { refuse(); }
    StoreCounts counts() override { refuse(); }
    ChainHead head() override { refuse(); }

private:
    [[noreturn]] static void refuse() { throw StoreError("it was to be searched only"); }

    Progress& progress_;
};

bool within_two_seconds(const std::atomic<bool>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    while (!condition && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return condition;
}

void fill(const AnsweringService& service, std::uint64_t count) {
    const auto store = open_store(service.database, StoreMode::read_write, &AnsweringService::clock, "host");
    std::vector<Notification> batch;
    for (std::uint64_t i = 1; i <= count; ++i) {
        batch.push_back(connect(i, i % 2 == 0 ? "S-1-5-21-2" : "S-1-5-21-1"));
    }
    store->record(batch);
}

std::vector<Operation> ask(const AnsweringService& service, const Query& query) {
    std::vector<Operation> found;
    ControlClient(service.pipe).find(query, [&](const Operation& operation) {
        found.push_back(operation);
        return true;
    });
    return found;
}

} // namespace

TEST_CASE("the history arrives whole and in order") {
    AnsweringService service;
    fill(service, 5'000);
    const auto found = ask(service, {});
    REQUIRE(found.size() == 5'000);
    CHECK(found.front().remote_name == "\\\\server\\share-1");
    CHECK(found.back().remote_name == "\\\\server\\share-5000");
    CHECK(found.back().process.pid == 1234);
    Query query;
    query.remotes = {"*-77"};
    CHECK(ask(service, query).size() == 1);
}

TEST_CASE("an administrator sees everything, anybody else what is his") {
    AnsweringService service;
    fill(service, 100);
    service.callers.sid = [](HANDLE) { return "S-1-5-21-2"; };
    CHECK(ask(service, {}).size() == 100);
    service.callers.administrator = false;
    const auto found = ask(service, {});
    CHECK(found.size() == 50);
    for (const Operation& operation : found) {
        CHECK(operation.identity.user_sid == "S-1-5-21-2");
    }
    service.callers.sid = [](HANDLE) { return std::string(); };
    CHECK_THROWS_AS(ask(service, {}), ServiceUnreachable);
}

TEST_CASE("administrators get the groups and the configurations that the history names, nobody else does") {
    AnsweringService service;
    const std::string text(1024U * 1024U, '"');
    const GroupSet set{0xFFFFFFFF12345678, {"S-1-1-0", "S-1-5-11"}};
    const ConfigVersion version{0xAB, 2};
    {
        const auto store = open_store(service.database, StoreMode::read_write, &AnsweringService::clock, "host");
        store->keep_groups(std::span(&set, 1));
        store->keep_config(version, text);
    }
    const ControlClient client(service.pipe);
    CHECK(client.groups_of(set.id) == set.sids);
    CHECK(client.groups_of(1) == std::nullopt);
    CHECK(client.config_of(short_version(version)) == text);
    CHECK(client.config_of(1) == std::nullopt);
    service.callers.administrator = false;
    CHECK_THROWS_WITH(client.groups_of(set.id), Catch::Matchers::ContainsSubstring("administrator"));
    CHECK_THROWS_AS(client.config_of(short_version(version)), ServiceUnreachable);
}

TEST_CASE("an administrator may have the history vacuumed, nobody else") {
    AnsweringService service;
    const ControlClient client(service.pipe);
    const Retention keep{std::chrono::hours(24), 5, 1U << 30U};
    client.vacuum(keep);
    client.vacuum({});
    CHECK(service.vacuums == std::vector<Retention>{keep, {}});
    CHECK(service.vacuum_sids.front() == "S-1-5-21-1-2-3-1001"); // whose it is is told
    service.callers.administrator = false;
    CHECK_THROWS_WITH(client.vacuum(keep), Catch::Matchers::ContainsSubstring("administrator"));
    CHECK(service.vacuums.size() == 2);
    CHECK_THROWS_WITH(client.reload(), Catch::Matchers::ContainsSubstring("administrator"));
}

TEST_CASE("a reader that has enough leaves, and the next one is served") {
    AnsweringService service;
    fill(service, 20'000);
    for (int i = 0; i < 20; ++i) {
        int rows = 0;
        ControlClient(service.pipe).find({}, [&](const Operation&) { return ++rows < 3; });
        CHECK(rows == 3);
    }
    CHECK(ask(service, {}).size() == 20'000);
}

TEST_CASE("the status arrives, and what can't be answered is said in words") {
    AnsweringService service;
    CHECK(ControlClient(service.pipe).status().at("version") == "1.2.3");
    // There is no database yet.
    CHECK_THROWS_AS(ask(service, {}), ServiceUnreachable);
    CHECK_THROWS_WITH(ControlClient(fresh_pipe_name()).status(),
                      Catch::Matchers::ContainsSubstring("maptrail service start"));
}

TEST_CASE("nonsense on the control pipe is refused, and costs nothing") {
    AnsweringService service;
    fill(service, 10);
    const auto open = [&] {
        return win32::Handle(CreateFileW(service.pipe.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING,
                                         FILE_FLAG_OVERLAPPED, nullptr));
    };
    const auto* text =
        GENERATE("", "null", "{}", "[1]", "{\"command\":\"format\"}", "{\"command\":1}", "{\"command\":\"history\"}",
                 "{\"command\":\"groups\"}", "{\"command\":\"config\",\"id\":-1}",
                 "{\"command\":\"history\",\"query\":{\"since\":\"x\"}}");
    {
        const win32::Handle pipe = open();
        MessageStream stream(pipe.get(), nullptr);
        REQUIRE(stream.send(MessageKind::request, text, std::chrono::seconds(5)));
        Message message;
        REQUIRE(stream.receive(message, longest_answer, std::chrono::seconds(5)));
        CHECK(message.kind == MessageKind::error);
    }
    {
        const win32::Handle pipe = open();
        MessageStream stream(pipe.get(), nullptr);
        const std::string huge(longest_request + 1, ' ');
        (void)stream.send(MessageKind::request, huge, std::chrono::seconds(5));
        Message message;
        CHECK_FALSE(stream.receive(message, longest_answer, std::chrono::seconds(5)));
    }
    CHECK(ask(service, {}).size() == 10);
}

TEST_CASE("the server stops at once with askers that are mute") {
    AnsweringService service;
    std::vector<win32::Handle> mute;
    for (int i = 0; i < 4; ++i) {
        mute.emplace_back(CreateFileW(service.pipe.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING,
                                      FILE_FLAG_OVERLAPPED, nullptr));
        REQUIRE(mute.back());
    }
    CHECK(ControlClient(service.pipe).status().at("version") == "1.2.3");
    const auto start = std::chrono::steady_clock::now();
    service.server.stop();
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
}

TEST_CASE("a search that finds nothing ends with the server, or when nobody waits for it") {
    EndlessHistory::Progress progress;
    AnsweringService service;
    service.open_history = [&progress] { return std::make_unique<EndlessHistory>(progress); };
    win32::Handle pipe(CreateFileW(service.pipe.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING,
                                   FILE_FLAG_OVERLAPPED, nullptr));
    REQUIRE(pipe);
    std::optional<MessageStream> stream(std::in_place, pipe.get(), nullptr);
    REQUIRE(stream->send(MessageKind::request, R"({"command":"history","query":{}})", std::chrono::seconds(5)));
    REQUIRE(within_two_seconds(progress.begun));
    CHECK_FALSE(progress.stopped);

    SECTION("the server stops") {
        const auto start = std::chrono::steady_clock::now();
        service.server.stop();
        CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
        CHECK(progress.stopped);
        // Half an answer must not pass for a whole one.
        Message message;
        CHECK_FALSE(stream->receive(message, longest_answer, std::chrono::seconds(5)));
    }
    SECTION("the asker leaves") {
        stream.reset();
        pipe.reset();
        CHECK(within_two_seconds(progress.stopped));
    }
    SECTION("the asker waits") {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        CHECK_FALSE(progress.stopped);
    }
}

namespace {

/// What a follower is told, on a thread of its own.
class FollowingClient {
public:
    FollowingClient(const AnsweringService& service, const Query& query)
        : stop_(CreateEventW(nullptr, TRUE, FALSE, nullptr)), thread_([this, pipe = service.pipe, query] {
              try {
                  ControlClient(pipe).follow(
                      query,
                      [this](const Operation& operation) {
                          last_id = operation.id;
                          ++rows;
                          return true;
                      },
                      [this](const Reached& reached) {
                          problem = reached.problem;
                          ++signs;
                          return true;
                      },
                      stop_.get());
              } catch (const ServiceUnreachable&) {
                  broken = true;
              }
          }) {}
    FollowingClient(const FollowingClient&) = delete;
    FollowingClient& operator=(const FollowingClient&) = delete;
    ~FollowingClient() {
        SetEvent(stop_.get());
        thread_.join();
    }

    std::atomic<int> rows{0};
    std::atomic<int> signs{0};
    std::atomic<std::int64_t> last_id{0};
    std::atomic<bool> broken{false};
    std::atomic<PlaceProblem> problem{PlaceProblem::none};

private:
    win32::Handle stop_;
    std::thread thread_;
};

template <typename Condition>
bool soon(const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition() && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return condition();
}

/// The drain's part: a store that ends operations, and tells.
struct EndingStore {
    explicit EndingStore(AnsweringService& to)
        : service(to), store(open_store(to.database, StoreMode::read_write, &AnsweringService::clock, "host")) {}

    void end(std::uint64_t number, const std::string& sid) {
        const Notification before = connect(number * 2 - 1, sid);
        Notification after = before;
        after.phase = Phase::after;
        after.sequence = number * 2;
        store->record(std::vector{before, after});
        const StoreCounts counts = store->counts();
        service.server.ended({counts.history, static_cast<std::int64_t>(counts.ended)});
    }

    [[nodiscard]] Query from_now() const {
        Query query;
        query.by_ending = true;
        const Reached reached = store->find(query, [](const Operation&) { return true; });
        query.from = Place{reached.place.history, reached.place.number + 1};
        return query;
    }

    AnsweringService& service;
    std::unique_ptr<Store> store;
};

} // namespace

TEST_CASE("users who ask and do not read keep nobody else from asking") {
    AnsweringService service;
    fill(service, 10);
    service.callers.administrator = false;
    std::vector<win32::Handle> pipes;
    int answered = 0;
    const auto ask_as = [&](const char* sid, int times) {
        service.callers.sid = [sid](HANDLE) { return sid; };
        for (int i = 0; i < times; ++i) {
            REQUIRE(WaitNamedPipeW(service.pipe.c_str(), 5'000));
            pipes.emplace_back(CreateFileW(service.pipe.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr,
                                           OPEN_EXISTING, FILE_FLAG_OVERLAPPED, nullptr));
            REQUIRE(pipes.back());
            MessageStream stream(pipes.back().get(), nullptr);
            REQUIRE(stream.send(MessageKind::request, R"({"command":"status"})", std::chrono::seconds(5)));
            Message message;
            REQUIRE(stream.receive(message, longest_answer, std::chrono::seconds(5)));
            answered += message.kind == MessageKind::status ? 1 : 0;
        }
    };
    ask_as("S-1-5-21-1", 6); // who leave their pipes open
    CHECK(answered == 4);
    ask_as("S-1-5-21-2", 6);
    CHECK(answered == 6);
    service.callers.administrator = true;
    for (int i = 0; i < 10; ++i) {
        CHECK(ControlClient(service.pipe).status().at("version") == "1.2.3");
    }
    pipes.clear();
    service.callers.administrator = false;
    CHECK(soon([&] {
        try {
            return ControlClient(service.pipe).status().contains("version");
        } catch (const ServiceUnreachable&) {
            return false;
        }
    }));
}

TEST_CASE("fifty followers are told what ends, while others are answered") {
    AnsweringService service;
    EndingStore history(service);
    std::vector<std::unique_ptr<FollowingClient>> followers;
    for (int i = 0; i < 50; ++i) {
        followers.push_back(std::make_unique<FollowingClient>(service, history.from_now()));
    }
    for (const auto& follower : followers) {
        REQUIRE(soon([&] { return follower->signs > 0; }));
    }
    CHECK(ControlClient(service.pipe).status().at("version") == "1.2.3");
    for (std::uint64_t number = 1; number <= 3; ++number) {
        history.end(number, "S-1-5-21-1");
    }
    for (const auto& follower : followers) {
        CHECK(soon([&] { return follower->rows == 3; }));
        CHECK(follower->last_id == 3);
    }
    followers.clear();
    history.end(4, "S-1-5-21-1");
    CHECK(ask(service, {}).size() == 4);
}

TEST_CASE("a follower sees what he may, and is told of a place that leads nowhere") {
    AnsweringService service;
    EndingStore history(service);
    service.callers.sid = [](HANDLE) { return "S-1-5-21-2"; };
    service.callers.administrator = false;
    FollowingClient own(service, history.from_now());
    REQUIRE(soon([&] { return own.signs > 0; }));
    history.end(1, "S-1-5-21-1");
    history.end(2, "S-1-5-21-2");
    CHECK(soon([&] { return own.rows == 1; }));
    CHECK(own.last_id == 2);

    Query foreign = history.from_now();
    foreign.from->history ^= 1U;
    FollowingClient lost(service, foreign);
    CHECK(soon([&] { return lost.problem == PlaceProblem::foreign; }));
    FollowingClient nowhere(service, Query{});
    CHECK(soon([&] { return nowhere.broken.load(); }));
}

TEST_CASE("followers notice the end of the service, and it does not wait for them") {
    AnsweringService service;
    EndingStore history(service);
    FollowingClient reader(service, history.from_now());
    REQUIRE(soon([&] { return reader.signs > 0; }));
    // One who asks and never reads.
    const win32::Handle mute(CreateFileW(service.pipe.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING,
                                         FILE_FLAG_OVERLAPPED, nullptr));
    REQUIRE(mute);
    MessageStream stream(mute.get(), nullptr);
    const nlohmann::json request{{"command", "follow"}, {"query", query_to_json(history.from_now())}};
    REQUIRE(stream.send(MessageKind::request, request.dump(), std::chrono::seconds(5)));
    for (std::uint64_t number = 1; number <= 500; ++number) {
        history.end(number, "S-1-5-21-1");
    }
    CHECK(soon([&] { return reader.rows == 500; }));
    const auto start = std::chrono::steady_clock::now();
    service.server.stop();
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
    CHECK(soon([&] { return reader.broken.load(); }));
    history.end(501, "S-1-5-21-1"); // the drain may be last to stop
}
