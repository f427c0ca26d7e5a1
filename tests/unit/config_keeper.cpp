#include "service/config/keeper.hpp"

#include "tests/unit/inbox_helpers.hpp"

#include <catch_amalgamated.hpp>

#include <atomic>
#include <fstream>

using namespace maptrail;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Keeping {
    inbox_test::Folder folder;
    std::mutex mutex;
    std::vector<std::uint32_t> taken; ///< budgets, by which a test tells configurations apart
    std::vector<std::string> rejected;
    std::vector<std::string> errors;
    std::atomic<bool> foreign{false};
    std::atomic<bool> accounts_known{true};

    [[nodiscard]] std::filesystem::path file() const { return folder / "config.json"; }
    [[nodiscard]] std::filesystem::path last_good() const { return folder / "config.last-good.json"; }

    void write(const std::string& text) const {
        std::ofstream out(file(), std::ios::binary | std::ios::trunc);
        out << text;
    }

    KeeperSystem system() {
        KeeperSystem result;
        result.check_file = [this](const std::filesystem::path& place) {
            if (foreign && place == file()) {
                throw std::runtime_error("somebody else's file");
            }
        };
        result.take = [this](const LoadedConfig& loaded) {
            add(taken, loaded.config.budget_ms);
            return accounts_known.load();
        };
        result.rejected = [this](const std::string& text) { add(rejected, text); };
        result.error = [this](const std::string& text) { add(errors, text); };
        return result;
    }

    template <class T>
    void add(std::vector<T>& list, T value) {
        const std::scoped_lock lock(mutex);
        list.push_back(std::move(value));
    }

    template <class T>
    std::size_t size(const std::vector<T>& list) {
        const std::scoped_lock lock(mutex);
        return list.size();
    }

    /// As the service does it.
    std::unique_ptr<ConfigKeeper> start(std::chrono::milliseconds every = std::chrono::hours(1)) {
        auto [first, problem] = ConfigKeeper::load(file(), system());
        auto keeper = std::make_unique<ConfigKeeper>(file(), first, problem, system());
        keeper->start(first, every);
        return keeper;
    }
};

bool eventually(const std::function<bool()>& condition) {
    for (int i = 0; i < 1'000 && !condition(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return condition();
}

} // namespace

TEST_CASE("a good file is taken, a bad one changes nothing and is told once", "[config]") {
    Keeping world;
    world.write(R"({"budgetMs": 10})");
    const auto keeper = world.start();
    CHECK(world.taken == std::vector<std::uint32_t>{10});
    CHECK(keeper->reload().changed == false);

    world.write(R"({"budgetMs": 20})");
    CHECK(keeper->reload().changed);
    CHECK(world.taken == std::vector<std::uint32_t>{10, 20});

    world.write("{\n  \"budgetMs\": 1\n}");
    for (int i = 0; i < 2; ++i) {
        const ReloadResult result = keeper->reload();
        CHECK_FALSE(result.good);
        CHECK_THAT(result.text, ContainsSubstring("config.json:2:15: budgetMs"));
    }
    CHECK(world.taken.size() == 2);
    CHECK(world.rejected.size() == 1);
    CHECK_THAT(keeper->counts().problem, ContainsSubstring("budgetMs"));

    world.write(R"({"budgetMs": 20})"); // what is in force anyway
    CHECK(keeper->reload().good);
    CHECK(keeper->counts().problem.empty());
    CHECK(world.taken.size() == 2);
}

TEST_CASE("a bad file at the start: the last good one holds, across restarts", "[config]") {
    Keeping world;
    world.write(R"({"budgetMs": 10})");
    (void)world.start();
    world.write("{ nonsense");
    for (int i = 0; i < 2; ++i) {
        const auto keeper = world.start();
        CHECK(world.taken.back() == 10);
        CHECK_THAT(keeper->counts().problem, ContainsSubstring("config.json:1:"));
        CHECK(keeper->counts().rejected == 1);
        (void)keeper->reload();
        CHECK(keeper->counts().rejected == 1);
    }
    CHECK(world.rejected.size() == 2);
    world.write(R"({"budgetMs": 30})");
    (void)world.start();
    CHECK(world.taken.back() == 30);
}

TEST_CASE("a file that can't be read, or is somebody else's, keeps no service from starting", "[config]") {
    Keeping world;
    world.write(R"({"budgetMs": 10})");
    (void)world.start();
    std::string told;
    SECTION("somebody else's") {
        world.foreign = true;
        told = "somebody else's";
    }
    SECTION("too large") {
        world.write(std::string(max_config_size + 1, ' '));
        told = "1 MiB";
    }
    SECTION("no file at all") {
        std::filesystem::remove(world.file());
        std::filesystem::create_directory(world.file());
        told = "no file";
    }
    const auto keeper = world.start();
    CHECK(world.taken == std::vector<std::uint32_t>{10, 10});
    CHECK_THAT(keeper->counts().problem, ContainsSubstring(told));
    CHECK_FALSE(keeper->reload().good);
    CHECK(world.rejected.size() == 1);

    world.foreign = false;
    std::filesystem::remove(world.file());
    world.write(R"({"budgetMs": 20})");
    CHECK(keeper->reload().changed);
    CHECK(world.taken.back() == 20);
}

TEST_CASE("a file that could not be read is looked at again though it did not change", "[config]") {
    Keeping world;
    world.write(R"({"budgetMs": 10})");
    const auto keeper = world.start(std::chrono::milliseconds(10));
    world.write(R"({"budgetMs": 2000})");
    world.foreign = true;
    CHECK(eventually([&] { return world.size(world.rejected) == 1; }));
    world.foreign = false;
    CHECK(eventually([&] { return world.size(world.taken) == 2; }));
}

TEST_CASE("each mistake is told, also of one text", "[config]") {
    Keeping world;
    world.write(R"({"budgetMs": 10})");
    const auto keeper = world.start();
    std::filesystem::remove(world.file());
    std::filesystem::create_directory(world.file());
    (void)keeper->reload();
    (void)keeper->reload();
    CHECK(world.rejected.size() == 1);
    std::filesystem::remove(world.file());
    world.write(std::string(max_config_size + 1, ' '));
    (void)keeper->reload();
    CHECK(world.rejected.size() == 2);
}

TEST_CASE("a configuration that names unknown accounts is taken again by a reload, until they are known", "[config]") {
    Keeping world;
    world.accounts_known = false;
    world.write(R"({"budgetMs": 10})");
    const auto keeper = world.start();
    CHECK_FALSE(keeper->reload().changed);
    CHECK(world.taken == std::vector<std::uint32_t>{10, 10});
    CHECK(keeper->counts().taken == 1);
    world.accounts_known = true;
    (void)keeper->reload();
    (void)keeper->reload();
    CHECK(world.taken == std::vector<std::uint32_t>{10, 10, 10});
}

TEST_CASE("without a last good one a bad file is an error of the start", "[config]") {
    Keeping world;
    world.write("{ nonsense");
    CHECK_THROWS_AS(ConfigKeeper::load(world.file(), world.system()), ConfigError);
}

TEST_CASE("a removed file means the defaults, and no old file comes back", "[config]") {
    Keeping world;
    world.write(R"({"budgetMs": 10})");
    const auto keeper = world.start();
    std::filesystem::remove(world.file());
    CHECK(keeper->reload().changed);
    CHECK(world.taken.back() == default_budget_ms);
    CHECK_FALSE(std::filesystem::exists(world.last_good()));
}

TEST_CASE("a file that somebody else owns is not believed", "[config]") {
    Keeping world;
    world.write(R"({"budgetMs": 10})");
    const auto keeper = world.start();
    world.write(R"({"budgetMs": 20})");
    world.foreign = true;
    CHECK_THAT(keeper->reload().text, ContainsSubstring("somebody else's"));
    CHECK(world.taken.back() == 10);
    world.foreign = false;
    CHECK(keeper->reload().changed);
}

TEST_CASE("a change is noticed without being told, and at once when told", "[config]") {
    Keeping world;
    world.write(R"({"budgetMs": 10})");
    {
        const auto keeper = world.start(std::chrono::milliseconds(10));
        world.write(R"({"budgetMs": 2000})");
        CHECK(eventually([&] { return world.size(world.taken) == 2; }));
    }
    const auto keeper = world.start();
    world.write(R"({"budgetMs": 3000})");
    keeper->wake();
    CHECK(eventually([&] { return world.size(world.taken) == 4; }));
}
