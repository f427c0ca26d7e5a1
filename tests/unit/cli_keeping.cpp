// maptrail vacuum, backup, export, import, history --disk-usage
#include "service/cli/cli.hpp"
#include "service/cli/database_source.hpp"
#include "service/cli/files.hpp"
#include "service/cli/line_reader.hpp"
#include "service/format/ecs_json.hpp"
#include "tests/unit/cli_sample.hpp"
#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace maptrail;
using namespace maptrail::test;
using Catch::Matchers::ContainsSubstring;
using KeepingArgs = std::vector<std::string>;

namespace {

struct KeepingWorld final : Environment {
    std::vector<nlohmann::json> states; ///< of the service, one after the other; empty: it does not answer
    std::vector<Retention> vacuums;
    std::string data_folder;
    bool interrupted = false;
    std::string out;
    std::string err;

    void run(const KeepingArgs& args, int code) {
        out.clear();
        err.clear();
        const int result = run_cli(args, *this);
        INFO(out << err);
        CHECK(result == code);
    }

    bool write_out(std::string_view text) override {
        out += text;
        return true;
    }
    void write_error(std::string_view text) override { err += text; }
    bool wait(std::chrono::milliseconds) override { return !interrupted; }
    Terminal terminal() override { return {}; }
    bool errors_on_terminal() override { return false; }
    std::int64_t now() override { return base_time + 60 * second; }
    ZoneOffset zone() override { return sample::fixed_zone(1); }
    std::unique_ptr<HistorySource> open_history(const std::optional<std::string>& database) override {
        return open_database_source(database.value());
    }
    std::filesystem::path config_file() override { throw CannotDo("there is no service"); }
    std::optional<std::string> sid_of_account(const std::string&) override { return std::nullopt; }
    ServiceFacts service_facts() override { return {}; }
    RegistrationFacts registration_facts() override { return {}; }
    nlohmann::json service_status() override {
        if (states.empty()) {
            throw Unreachable("it is not running");
        }
        nlohmann::json state = states.front();
        if (states.size() > 1) {
            states.erase(states.begin());
        }
        return state;
    }
    nlohmann::json reload_config() override { return {}; }
    void vacuum(const Retention& keep) override { vacuums.push_back(keep); }
    void control_service(ServiceVerb, const std::function<void(const std::string&)>&) override {}
    int run_service(const RunRequest&) override { return 0; }
};

struct KeepingFixture : StoreFixture {
    KeepingWorld world;
    std::string db = utf8_path(file);

    KeepingFixture() {
        record({connect(1), after(connect(1)), connect(2, base_time + second),
                after(connect(2, base_time + second), 53), connect(3, base_time + 2 * second)});
    }

    [[nodiscard]] std::string in_folder(const char* name) const { return utf8_path(folder.path() / name); }
};

nlohmann::json state_of(bool vacuuming, std::uint64_t forgotten, std::uint64_t bytes, const char* problem = "",
                        const char* started = "2026-01-01T00:00:00Z") {
    return {{"started", started},
            {"history",
             {{"bytes", bytes},
              {"freeBytes", 1'048'576},
              {"forgotten", forgotten},
              {"vacuuming", vacuuming},
              {"vacuumProblem", problem}}},
            {"counts", {{"operations", 9}, {"losses", 1}}}};
}

std::string text_of(const std::string& utf8_file) {
    std::ifstream in(std::filesystem::path(std::u8string(utf8_file.begin(), utf8_file.end())), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// What it tells, less the numbers that a database gives.
nlohmann::json told(const Operation& operation) {
    nlohmann::json json = operation_to_json(operation);
    json["event"].erase("id");
    json["event"].erase("sequence");
    return json;
}

} // namespace

TEST_CASE("vacuum asks the service, waits until it is done and says what came of it", "[cli]") {
    KeepingWorld world;
    world.states = {state_of(false, 5, 30U << 20U), state_of(true, 5, 30U << 20U), state_of(true, 105, 20U << 20U),
                    state_of(false, 205, 10U << 20U)};
    world.run({"vacuum", "--keep-days", "90", "--keep-operations", "1000", "--keep-size", "500"}, 0);
    CHECK(world.out == "200 operations forgotten. The history has 10 operations and takes 10.0 MiB, of which 1.0 MiB "
                       "are free for new ones.\n");
    REQUIRE(world.vacuums.size() == 1);
    CHECK(world.vacuums[0] == Retention{std::chrono::hours(24 * 90), 1'000, 500U << 20U});

    world.run({"vacuum"}, 0);
    CHECK(world.vacuums.back() == Retention{});
    world.states = {state_of(false, 0, 0, "the disk is full")};
    world.run({"vacuum"}, 1);
    CHECK_THAT(world.err, ContainsSubstring("the disk is full"));
    for (const bool vacuuming : {true, false}) { // which the new service counts anew
        world.states = {state_of(false, 500, 0), state_of(true, 700, 0),
                        state_of(vacuuming, 3, 0, "", "2026-01-01T01:00:00Z")};
        world.run({"vacuum"}, 1);
        CHECK_THAT(world.err, ContainsSubstring("started again"));
    }
    world.states = {state_of(true, 0, 0)};
    world.interrupted = true;
    world.run({"vacuum"}, 0);
    CHECK_THAT(world.err, ContainsSubstring("goes on"));
    world.states.clear();
    world.run({"vacuum"}, 3);
    const std::size_t asked = world.vacuums.size();
    for (const char* bad : {"--keep-days=0", "--keep-operations=-1", "--keep-size=x", "--keep-days=99999999999"}) {
        world.run({"vacuum", bad}, 2);
    }
    CHECK(world.vacuums.size() == asked);
}

TEST_CASE_METHOD(KeepingFixture, "history --disk-usage tells of the service's history, or of a file's", "[cli]") {
    world.states = {state_of(false, 0, 812'326'912)};
    world.run({"history", "--disk-usage"}, 0);
    CHECK_THAT(world.out, ContainsSubstring("10 operations and takes 774.7 MiB"));
    world.run({"history", "--disk-usage", "--db", db}, 0);
    CHECK_THAT(world.out, ContainsSubstring("The history has 3 operations and takes 0.1 MiB"));
    world.run({"history", "--disk-usage", "--db", in_folder("none.db")}, 2);
    world.states.clear();
    world.run({"history", "--disk-usage"}, 3);
}

TEST_CASE_METHOD(KeepingFixture, "backup copies a history in use, and only a whole one", "[cli]") {
    const std::string copy = in_folder("copy.db");
    world.run({"backup", copy, "--db", db}, 0);
    CHECK_THAT(world.out,
               ContainsSubstring("3 operations, ") && ContainsSubstring("\nHead: " + head_text(store->head()) + "\n"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "copy.db.new"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "copy.db-wal"));
    {
        const auto opened = open_store(folder.path() / "copy.db", StoreMode::read_only, [] { return 0; }, {});
        CHECK(find_in(*opened).size() == 3);
        CHECK(opened->head() == store->head());
    }
    record({connect(4)});
    const std::string before = text_of(copy);
    world.run({"backup", copy, "--db", db}, 2);
    CHECK_THAT(world.err, ContainsSubstring("is there already"));
    world.interrupted = true; // with a copy of one step it is done before anybody asks
    world.run({"backup", db, "--db", db, "--force"}, 2);
    CHECK_THAT(world.err, ContainsSubstring("is the history itself"));
    world.interrupted = false;
    world.run({"backup", in_folder("other.db"), "--db", in_folder("none.db")}, 1);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "other.db"));
    world.run({"backup", in_folder("no/such/folder.db"), "--db", db}, 1);
    CHECK(text_of(copy) == before);
    world.run({"backup", copy, "--db", db, "--force"}, 0);
    CHECK_THAT(world.out, ContainsSubstring("4 operations, "));
}

TEST_CASE_METHOD(KeepingFixture, "backup finds the service's history", "[cli]") {
    std::filesystem::create_directories(folder.path() / "service" / "data");
    world.states = {{{"dataFolder", utf8_path(folder.path() / "service")}}};
    store.reset();
    std::filesystem::rename(file, folder.path() / "service" / "data" / "history.db");
    world.run({"backup", in_folder("copy.db")}, 0);
    CHECK_THAT(world.out, ContainsSubstring("3 operations, "));
}

TEST_CASE_METHOD(KeepingFixture, "What was exported comes back whole, and once", "[cli]") {
    Loss loss;
    loss.id.fill(9);
    loss.time = base_time + 3 * second;
    loss.reason = "the spool was full";
    loss.count = 7;
    store->record({}, std::span(&loss, 1));
    const std::string lines = in_folder("history.jsonl");
    const std::string all = in_folder("all.db");
    world.run({"export", lines, "--db", db}, 0);
    CHECK_THAT(world.err, ContainsSubstring("4 operations"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "history.jsonl.new"));
    const std::string text = text_of(lines);
    CHECK(std::ranges::count(text, '\n') == 4);

    world.run({"import", lines, "--db", all}, 0);
    CHECK(world.out == "4 operations imported\n");
    world.run({"import", lines, "--db", all}, 0);
    CHECK(world.out == "0 operations imported, 4 there already\n");
    {
        const auto opened = open_store(folder.path() / "all.db", StoreMode::read_only, [] { return 0; }, {});
        Query query;
        query.notifications = true;
        const auto mine = find_in(*store, query);
        const auto theirs = find_in(*opened, query);
        REQUIRE(theirs.size() == mine.size());
        for (std::size_t i = 0; i < mine.size(); ++i) {
            CHECK(told(mine[i]) == told(theirs[i]));
        }
        const StoreCounts counts = opened->counts();
        CHECK(counts.operations == 3);
        CHECK(counts.losses == 1);
        CHECK(counts.pending == 1);
    }
    world.run({"verify", "--db", all}, 0);

    record({after(connect(3, base_time + 2 * second))}); // its end comes
    world.run({"export", lines, "--db", db}, 0);
    world.run({"import", lines, "--db", all}, 0);
    CHECK(world.out == "0 operations imported, 1 completed, 3 there already\n");
    const auto opened = open_store(folder.path() / "all.db", StoreMode::read_only, [] { return 0; }, {});
    CHECK(find_in(*opened).size() == 4);
    CHECK(opened->counts().pending == 0);
    world.run({"verify", "--db", all}, 0);
}

TEST_CASE_METHOD(KeepingFixture, "import completes what has ended since, also what was closed without an end",
                 "[cli]") {
    const std::string lines = in_folder("history.jsonl");
    const std::string all = in_folder("all.db");
    // A disconnect with the same number is another operation.
    Notification other = disconnect(3, base_time + 3 * second);
    other.sequence = 101;
    record({other});
    world.run({"export", lines, "--db", db}, 0);
    world.run({"import", lines, "--db", all}, 0);
    CHECK(world.out == "4 operations imported\n");
    CHECK(store->close_pending_before(base_time + 10 * second, "gone", 100) == 2);
    world.run({"export", lines, "--db", db}, 0);
    world.run({"import", lines, "--db", all}, 0);
    CHECK(world.out == "0 operations imported, 2 completed, 2 there already\n");
    world.run({"import", lines, "--db", all}, 0);
    CHECK(world.out == "0 operations imported, 4 there already\n");
    const auto opened = open_store(folder.path() / "all.db", StoreMode::read_only, [] { return 0; }, {});
    const auto theirs = find_in(*opened);
    const auto mine = find();
    REQUIRE(theirs.size() == mine.size());
    for (std::size_t i = 0; i < mine.size(); ++i) {
        CHECK(told(mine[i]) == told(theirs[i]));
    }
    CHECK(opened->counts().pending == 0);
    world.run({"verify", "--db", all}, 0);
}

TEST_CASE_METHOD(KeepingFixture, "import knows a gap again that got smaller", "[cli]") {
    const std::string lines = in_folder("history.jsonl");
    const std::string all = in_folder("all.db");
    record({connect(20, base_time + 20 * second)});
    GapRules rules;
    (void)store->settle_gaps(rules);
    rules.now += std::chrono::seconds(1);
    const std::uint64_t lost = store->settle_gaps(rules);
    REQUIRE(lost > 2);
    world.run({"export", lines, "--db", db}, 0);
    world.run({"import", lines, "--db", all}, 0);
    const std::string first = text_of(lines);
    record({connect(10, base_time + 10 * second)});
    world.run({"export", lines, "--db", db}, 0);
    world.run({"import", lines, "--db", all}, 0);
    CHECK(world.out == "1 operation imported, 1 completed, 4 there already\n");
    std::ofstream(folder.path() / "first.jsonl", std::ios::binary) << first;
    world.run({"import", in_folder("first.jsonl"), "--db", all}, 0); // which knows less
    const auto opened = open_store(folder.path() / "all.db", StoreMode::read_only, [] { return 0; }, {});
    CHECK(opened->counts().losses == 1);
    for (const Operation& operation : find_in(*opened)) {
        CHECK((!operation.loss || operation.loss->count == lost - 1));
    }
    world.run({"verify", "--db", all}, 0);
}

TEST_CASE_METHOD(KeepingFixture, "import keeps what it read before a file that it can't read", "[cli]") {
    const std::string lines = in_folder("history.jsonl");
    world.run({"export", lines, "--db", db}, 0);
    const std::string all = in_folder("all.db");
    struct Failing : std::stringbuf {
        using std::stringbuf::stringbuf;
        int_type underflow() override { throw std::ios_base::failure("the disk is gone"); }
    };
    Failing buffer("{}\n{\"event\"", std::ios_base::in);
    std::streambuf* const standard = std::cin.rdbuf(&buffer);
    world.run({"import", lines, "-", "--db", all}, 2);
    std::cin.rdbuf(standard);
    CHECK_THAT(world.err,
               ContainsSubstring("standard input:1: the line is no operation") &&
                   !ContainsSubstring("standard input:2") &&
                   ContainsSubstring("cannot read standard input any further; what came before is imported"));
    world.run({"import", lines, "--db", all}, 0);
    CHECK(world.out == "0 operations imported, 3 there already\n");
}

TEST_CASE_METHOD(KeepingFixture, "import leaves the history of a service as it was, of any version", "[cli]") {
    record({connect(9)});
    const std::string copy = in_folder("copy.db");
    world.run({"backup", copy, "--db", db}, 0);
    const std::string lines = in_folder("history.jsonl");
    world.run({"export", lines, "--db", db}, 0);
    SECTION("of this one") {}
    SECTION("of an earlier one") {
        const int schema = GENERATE(1, 4, 5);
        std::filesystem::remove(path_of_utf8(copy));
        Database(copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
            .execute(text_of(MAPTRAIL_TEST_HISTORIES "/schema-" + std::to_string(schema) + ".sql").c_str());
    }
    SECTION("that was made by an import") {
        Database(copy, SQLITE_OPEN_READWRITE).execute("INSERT INTO meta VALUES ('imported', 1)");
    }
    const std::string before = text_of(copy);
    world.run({"import", lines, "--db", copy}, 1);
    CHECK_THAT(world.err, ContainsSubstring("history of a service"));
    CHECK(text_of(copy) == before);
}

TEST_CASE_METHOD(KeepingFixture, "backup that is interrupted leaves nothing", "[cli]") {
    for (std::uint64_t first = 100; first < 12'100; first += 1'000) {
        std::vector<Notification> batch;
        for (std::uint64_t i = first; i < first + 1'000; ++i) {
            batch.push_back(connect(i));
        }
        record(batch);
    }
    REQUIRE(store->counts().bytes > 4'096'000); // more than one step copies
    world.interrupted = true;
    world.run({"backup", in_folder("copy.db"), "--db", db}, 1);
    CHECK_THAT(world.err, ContainsSubstring("given up") && !ContainsSubstring("administrator"));
    for (const char* name : {"copy.db", "copy.db.new", "copy.db.new-journal"}) {
        CHECK_FALSE(std::filesystem::exists(folder.path() / name));
    }
    world.interrupted = false;
    world.run({"backup", in_folder("copy.db"), "--db", db}, 0);
    world.run({"verify", "--db", in_folder("copy.db")}, 0);
}

TEST_CASE_METHOD(KeepingFixture, "export writes what was asked for, and nothing when there is nothing", "[cli]") {
    world.run({"export", "-", "--db", db, "-S", "-59s"}, 0);
    CHECK(std::ranges::count(world.out, '\n') == 2);
    CHECK(world.err.empty());
    const std::string file_name = in_folder("none.jsonl");
    world.run({"export", file_name, "--db", db, "--user", "nobody"}, 1);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "none.jsonl"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "none.jsonl.new"));
    world.run({"export", in_folder("no/such/folder"), "--db", db}, 2);
    world.run({"export"}, 2);
}

TEST_CASE_METHOD(KeepingFixture, "import tells which lines are none, and takes the others", "[cli]") {
    const std::string all = in_folder("all.db");
    world.run({"history", "--db", db, "-o", "jsonl"}, 0); // without the notifications
    std::ofstream(folder.path() / "odd.jsonl", std::ios::binary) << "[\n"
                                                                 << world.out << "\r\n{\"event\":{}}\n"
                                                                 << std::string(2U << 20U, 'x') << "\n"
                                                                 << world.out;
    world.run({"import", in_folder("odd.jsonl"), "--db", all}, 1);
    CHECK(world.out == "3 operations imported, 3 there already\n");
    CHECK_THAT(world.err, ContainsSubstring("odd.jsonl:1: the line is no operation") &&
                              ContainsSubstring("odd.jsonl:6: the line is no operation") &&
                              ContainsSubstring("odd.jsonl:7: the line is longer than 1 MiB") &&
                              ContainsSubstring("3 lines are not imported"));
    world.run({"history", "--db", all, "--error", "53", "-o", "csv"}, 0);
    world.run({"import", in_folder("none.jsonl"), "--db", in_folder("new.db")}, 2);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "new.db"));
    world.run({"import", in_folder("odd.jsonl"), "--db", db}, 1);
    CHECK_THAT(world.err, ContainsSubstring("history of a service"));
    CHECK(find().size() == 3);
}

TEST_CASE("lines are read whole, and none is longer in memory than it may be", "[cli]") {
    std::istringstream in("one\r\n\n" + std::string(10, 'x') + "\nlast");
    LineReader lines(in, 5);
    REQUIRE(lines.next());
    CHECK(lines.line() == "one");
    CHECK_FALSE(lines.too_long());
    REQUIRE(lines.next());
    CHECK(lines.line().empty());
    REQUIRE(lines.next());
    CHECK(lines.too_long());
    CHECK(lines.line() == "xxxxx");
    CHECK(lines.number() == 3);
    REQUIRE(lines.next());
    CHECK(lines.line() == "last");
    CHECK_FALSE(lines.next());
}
