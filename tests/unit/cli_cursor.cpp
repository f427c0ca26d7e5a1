// maptrail history with cursors and --follow, over a real history.
#include "service/cli/cli.hpp"
#include "service/cli/cursor.hpp"
#include "service/cli/environment.hpp"
#include "service/query/query_json.hpp"
#include "tests/unit/cli_sample.hpp"
#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>
#include <deque>
#include <fstream>
#include <iterator>
#include <utility>

using namespace maptrail;
using namespace maptrail::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

/// A service with a history. What happens while the command waits is a script; when it ends, Ctrl+C is pressed.
struct CursorWorld final : Environment {
    StoreFixture history;
    std::deque<std::function<void()>> script;
    std::string out;
    std::string err;
    Terminal shown_on;
    bool down = false;
    std::size_t most_writes = 1'000'000; ///< then the reader goes
    std::int64_t clock = sample::moment;

    struct Source final : HistorySource {
        explicit Source(CursorWorld& owner) : world(owner) {}
        Reached find(const Query& query, const std::function<bool(const Operation&)>& row) override {
            if (world.down) {
                throw Unreachable("The service does not answer.");
            }
            Query asked; // as over the pipe
            REQUIRE(query_from_json(query_to_json(query), asked));
            return world.history.store->find(asked, row);
        }
        CursorWorld& world;
    };

    void add(std::uint64_t number, std::uint32_t status = 0) {
        const auto n = connect(number, base_time + static_cast<std::int64_t>(number) * second);
        history.record({n, after(n, status)});
    }

    /// What came out, as the ids of jsonl.
    std::string run(std::vector<std::string> args, int code) {
        out.clear();
        err.clear();
        args.insert(args.begin(), "history");
        args.insert(args.end(), {"-o", "jsonl"});
        const int result = run_cli(args, *this);
        INFO(out << err);
        CHECK(result == code);
        std::string ids;
        for (std::size_t at = 0; at < out.size(); at = out.find('\n', at) + 1) {
            const auto line = nlohmann::json::parse(std::string_view(out).substr(at, out.find('\n', at) - at));
            ids += line.at("event").at("id").get<std::string>();
        }
        return ids;
    }

    [[nodiscard]] std::string path(const char* name) const {
        const std::u8string text = (history.folder.path() / name).u8string();
        return {text.begin(), text.end()};
    }

    bool write_out(std::string_view text) override {
        out += text;
        return most_writes != 0 && --most_writes != 0;
    }
    void write_error(std::string_view text) override { err += text; }
    bool wait(std::chrono::milliseconds time) override {
        clock += std::chrono::nanoseconds(time).count();
        if (time.count() == 0) {
            return true;
        }
        if (script.empty()) {
            return false;
        }
        script.front()();
        script.pop_front();
        return true;
    }
    Terminal terminal() override { return shown_on; }
    bool errors_on_terminal() override { return false; }
    std::optional<std::string> sid_of_account(const std::string&) override { return std::nullopt; }
    std::int64_t now() override { return clock; }
    ZoneOffset zone() override { return sample::fixed_zone(1); }
    std::unique_ptr<HistorySource> open_history(const std::optional<std::string>&) override {
        return std::make_unique<Source>(*this);
    }
    std::filesystem::path config_file() override { throw CannotDo("there is none"); }
    ServiceFacts service_facts() override { return {}; }
    RegistrationFacts registration_facts() override { return {}; }
    nlohmann::json reload_config() override { return {}; }
    void vacuum(const Retention&) override {}
    nlohmann::json service_status() override { return {}; }
    void control_service(ServiceVerb, const std::function<void(const std::string&)>&) override {}
    int run_service(const RunRequest&) override { return 0; }
};

std::string text_in(const std::string& utf8_file) {
    std::ifstream in(std::filesystem::path(std::u8string(utf8_file.begin(), utf8_file.end())), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string cursor_in(const std::string& text) {
    constexpr std::string_view before = "-- cursor: ";
    const std::size_t at = text.find(before);
    REQUIRE(at != std::string::npos);
    return text.substr(at + before.size(), text.find('\n', at) - at - before.size());
}

} // namespace

TEST_CASE("a cursor is a text that is read back", "[cursor]") {
    const Place place{0xFEDCBA9876543210, 42};
    CHECK(cursor_text(place) == "v=1;h=fedcba9876543210;n=42");
    CHECK(place_of_cursor(cursor_text(place)) == place);
    for (const char* const bad :
         {"", "x", "v=1", "v=2;h=1;n=1", "v=1;h=1", "v=1;h=;n=1", "v=1;h=1;n=", "v=1;h=1;n=-1", "v=1;h=1;n=1;",
          "v=1;h=1;n=1;x=2", "v=1;n=1;h=1", "v=1;h=1;n=9223372036854775807", "v=1;h=1;n=9223372036854775808",
          "v=1;h=10000000000000000;n=1", "v=1;h= 1;n=1", "v=1;h=1;n=1 "}) {
        INFO(bad);
        CHECK_FALSE(place_of_cursor(bad));
    }
}

TEST_CASE("--show-cursor tells where to go on", "[cursor]") {
    CursorWorld world;
    for (std::uint64_t i = 1; i <= 3; ++i) {
        world.add(i);
    }
    world.history.record({connect(4)}); // has not ended: it comes when it has
    CHECK(world.run({"--show-cursor"}, 0) == "123");
    const std::string last = cursor_in(world.err);
    CHECK(world.run({"--after-cursor", last}, 1).empty());
    CHECK(world.run({"--cursor", last}, 0) == "3");
    CHECK(world.run({"--cursor", last, "--outcome", "failure"}, 1).empty());
    world.add(5);
    world.history.record({after(connect(4))});
    CHECK(world.run({"--after-cursor", last}, 0) == "54");

    // With a cursor the number is that of the first ones, so that they can be taken in portions.
    CHECK(world.run({"-n", "2", "--show-cursor"}, 0) == "54");
    CHECK(world.run({"--after-cursor", last, "-n", "1", "--show-cursor"}, 0) == "5");
    CHECK(world.run({"--after-cursor", cursor_in(world.err)}, 0) == "4");

    // A table has it in its output, and a program's output does not.
    world.out.clear();
    CHECK(run_cli({"history", "--show-cursor"}, world) == 0);
    CHECK_THAT(world.out, ContainsSubstring("\n-- cursor: v=1;h="));
}

TEST_CASE("--cursor-file goes on where it was, and is always written", "[cursor]") {
    CursorWorld world;
    const std::string file = world.path("cursor");
    CHECK(world.run({"--cursor-file", file}, 1).empty());
    CHECK_THAT(text_in(file), ContainsSubstring(";n=0\n"));
    world.add(1);
    world.add(2);
    CHECK(world.run({"--cursor-file", file}, 0) == "12");
    CHECK(world.run({"--cursor-file", file}, 1).empty());
    CHECK_THAT(text_in(file), ContainsSubstring(";n=2\n"));
    world.add(3);
    world.add(4, 53);
    CHECK(world.run({"--cursor-file", file, "--outcome", "failure"}, 0) == "4");
    CHECK(world.run({"--cursor-file", file}, 1).empty());

    // What nobody read comes again.
    world.add(5);
    world.add(6);
    world.add(7);
    world.most_writes = 2;
    CHECK(world.run({"--cursor-file", file}, 0) == "56");
    world.most_writes = 1'000'000;
    CHECK(world.run({"--cursor-file", file}, 0) == "67");
    // A table is written in pieces: what was not is shown the next time.
    world.add(8);
    world.add(9);
    world.most_writes = 0;
    CHECK(run_cli({"history", "--cursor-file", file}, world) == 0);
    world.most_writes = 1'000'000;
    CHECK(world.run({"--cursor-file", file}, 0) == "89");
    for (std::uint64_t i = 10; i <= 310; ++i) {
        world.add(i);
    }
    world.most_writes = 1; // of a table that waits for 200 rows to know its widths
    CHECK(run_cli({"history", "--cursor-file", file}, world) == 0);
    CHECK_THAT(text_in(file), ContainsSubstring(";n=9\n"));
    world.most_writes = 3;
    CHECK(run_cli({"history", "--cursor-file", file}, world) == 0);
    CHECK_THAT(text_in(file), ContainsSubstring(";n=210\n"));
    world.most_writes = 1;
    CHECK(run_cli({"history", "-f", "--cursor-file", file}, world) == 0);
    CHECK_THAT(text_in(file), ContainsSubstring(";n=210\n"));
    world.most_writes = 1'000'000;
    CHECK_FALSE(std::filesystem::exists(world.history.folder.path() / "cursor.new"));
}

TEST_CASE("a bad cursor is 10, an expired one 12, and a cursor file is left as it was", "[cursor]") {
    CursorWorld world;
    world.add(1);
    world.add(2);
    const std::string file = world.path("cursor");
    CHECK(world.run({"--cursor-file", file, "-n", "1", "--show-cursor"}, 0) == "2");
    CHECK(world.run({"--cursor", "nonsense"}, 10).empty());
    CHECK_THAT(world.err, ContainsSubstring("--show-cursor"));
    CHECK(world.run({"--after-cursor", "v=1;h=1;n=1"}, 10).empty());
    CHECK_THAT(world.err, ContainsSubstring("not of this history"));
    CHECK(world.run({"--after-cursor", "v=1;h=1;n=1", "-f"}, 10).empty());

    const std::string two = cursor_in("-- cursor: " + text_in(file));
    const std::string one = two.substr(0, two.size() - 1) + "1";
    const std::string none = two.substr(0, two.size() - 1) + "0";
    CHECK(world.history.store->forget_before(base_time + 2 * second, 10) == 1);
    CHECK(world.run({"--after-cursor", one}, 0) == "2");
    CHECK(world.run({"--cursor", one}, 12).empty());
    CHECK(world.run({"--after-cursor", none}, 12).empty());
    CHECK_THAT(world.err, ContainsSubstring("retention"));
    std::ofstream(std::filesystem::path(std::u8string(file.begin(), file.end())), std::ios::binary) << none << "\n";
    CHECK(world.run({"--cursor-file", file}, 12).empty());
    CHECK(text_in(file) == none + "\n");

    for (const std::vector<std::string>& bad : {std::vector<std::string>{"--cursor", one, "--after-cursor", one},
                                                {"--cursor", one, "--cursor-file", file},
                                                {"--cursor", one, "-r"},
                                                {"-f", "-r"},
                                                {"-f", "-U", "now"},
                                                {"-f", "--raw"},
                                                {"-f", "--after-cursor", one, "-n", "3"},
                                                {"-f", "--show-cursor"}}) {
        INFO(bad[0] << " " << bad.back());
        CHECK(world.run(bad, 2).empty());
        CHECK_FALSE(world.err.empty());
    }
    CHECK(run_cli({"history", "-f", "-o", "json"}, world) == 2);
}

TEST_CASE("what the service would not take as one question is told as such", "[cursor]") {
    CursorWorld world;
    std::vector<std::string> many;
    for (int i = 0; i < 257; ++i) {
        many.insert(many.end(), {"--user", "CORP\\user" + std::to_string(i)});
    }
    CHECK(world.run(many, 2).empty());
    CHECK_THAT(world.err, ContainsSubstring("256 values"));
    CHECK(world.run({"-g", std::string(5'000, 'x')}, 2).empty());
}

TEST_CASE("-f shows the newest, then what ends, each once", "[follow]") {
    CursorWorld world;
    for (std::uint64_t i = 1; i <= 12; ++i) {
        world.add(i, i % 2 == 0 ? 53 : 0);
    }
    world.history.record({connect(20)}); // 13
    world.script = {[&] { world.add(21); }, [] {}, [&] { world.history.record({after(connect(20))}); },
                    [&] { world.add(22, 53); }};
    CHECK(world.run({"-f"}, 0) == "3456789101112141315");
    CHECK(world.err.empty());

    world.script = {[&] { world.add(23, 53); }, [&] { world.add(24); }};
    CHECK(world.run({"-f", "-n", "1", "--outcome", "failure"}, 0) == "1516");
    world.script = {[&] { world.add(25); }};
    CHECK(world.run({"-f", "-n", "0"}, 0) == "18");
}

TEST_CASE("-f waits for a service that goes away, and misses nothing", "[follow]") {
    CursorWorld world;
    world.add(1);
    const std::string file = world.path("cursor");
    world.script = {[&] { world.add(2); },
                    [&] {
                        world.down = true;
                        world.add(3);
                    },
                    [&] { world.add(4); },
                    [] {},
                    [&] { world.down = false; },
                    [&] { world.add(5); }};
    CHECK(world.run({"-f", "--cursor-file", file}, 0) == "12345");
    CHECK_THAT(world.err, StartsWith("maptrail: The service does not answer.\n"));
    CHECK(world.err.find("does not answer") == world.err.rfind("does not answer"));
    CHECK_THAT(text_in(file), ContainsSubstring(";n=5\n"));
    world.add(6);
    CHECK(world.run({"-f", "--cursor-file", file}, 0) == "6");

    CursorWorld away;
    away.down = true;
    CHECK(away.run({"-f"}, 3).empty());
}

TEST_CASE("-f goes on with the history that replaces one, from its beginning", "[follow]") {
    CursorWorld world;
    for (std::uint64_t i = 1; i <= 3; ++i) {
        world.add(i);
    }
    const std::string file = world.path("cursor");
    world.script = {[&] {
                        world.history.store.reset();
                        world.history.file = world.history.folder.path() / "next.db";
                        world.history.open();
                        for (std::uint64_t i = 1; i <= 12; ++i) {
                            world.add(i);
                        }
                    },
                    [&] { world.add(13); }};
    CHECK(world.run({"-f", "--cursor-file", file}, 0) == "12312345678910111213");
    CHECK_THAT(world.err, ContainsSubstring("replaced by a new one"));
    CHECK_THAT(text_in(file), ContainsSubstring(";n=13\n"));
}

TEST_CASE("-f ends when its reader goes", "[follow]") {
    CursorWorld world;
    for (std::uint64_t i = 1; i <= 3; ++i) {
        world.add(i);
    }
    bool went_on = false;
    world.script = {[&] { went_on = true; }};
    world.most_writes = 1;
    CHECK(world.run({"-f"}, 0) == "1");
    CHECK_FALSE(went_on);
}

TEST_CASE("-f writes a table at once, in the widths that rows mostly take", "[follow]") {
    for (const std::size_t width : {80U, 120U, 200U}) {
        CursorWorld world;
        world.shown_on = {true, width, false};
        world.clock = base_time;
        std::string first;
        world.script = {[&] {
                            first = world.out;
                            world.add(1);
                        },
                        [] {}};
        CHECK(run_cli({"history", "-f"}, world) == 0);
        CHECK(std::ranges::count(first, '\n') == 1);
        CHECK_THAT(first, ContainsSubstring("REMOTE"));
        CHECK(std::ranges::count(world.out, '\n') == 2);
        const std::string row = world.out.substr(first.size());
        CHECK(first.find("REMOTE") == row.find("\\\\server"));
        CHECK(row.size() <= width + 1);
    }
}
