// maptrail verify
#include "service/cli/cli.hpp"
#include "tests/unit/cli_sample.hpp"
#include "tests/unit/store_chain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>

using namespace maptrail;
using namespace maptrail::test;
using Catch::Matchers::ContainsSubstring;
using VerifyArgs = std::vector<std::string>;

namespace {

struct VerifyWorld final : Environment {
    std::string data_folder; ///< of the running service; empty: it does not answer
    std::filesystem::path config;
    std::string out;
    std::string err;

    std::string run(VerifyArgs args, int code) {
        out.clear();
        err.clear();
        args.insert(args.begin(), "verify");
        const int result = run_cli(args, *this);
        INFO(out << err);
        CHECK(result == code);
        return out;
    }

    bool write_out(std::string_view text) override {
        out += text;
        return true;
    }
    void write_error(std::string_view text) override { err += text; }
    Terminal terminal() override { return {}; }
    bool errors_on_terminal() override { return false; }
    std::int64_t now() override { return base_time; }
    ZoneOffset zone() override { return sample::fixed_zone(1); }
    std::unique_ptr<HistorySource> open_history(const std::optional<std::string>&) override { return nullptr; }
    std::filesystem::path config_file() override { return config; }
    std::optional<std::string> sid_of_account(const std::string&) override { return std::nullopt; }
    ServiceFacts service_facts() override { return {}; }
    RegistrationFacts registration_facts() override { return {}; }
    nlohmann::json service_status() override {
        if (data_folder.empty()) {
            throw Unreachable("it is not running");
        }
        return {{"dataFolder", data_folder}};
    }
    nlohmann::json reload_config() override { return {}; }
    void vacuum(const Retention&) override {}
    void control_service(ServiceVerb, const std::function<void(const std::string&)>&) override {}
    int run_service(const RunRequest&) override { return 0; }
};

struct VerifyFixture : ChainFixture {
    VerifyWorld world;
    std::string db = utf8_path(file);

    VerifyFixture() {
        record({connect(1), after(connect(1)), connect(2)});
        record({after(connect(2)), connect(3)});
    }
};

} // namespace

TEST_CASE_METHOD(VerifyFixture, "verify: everything fits", "[cli][chain]") {
    const std::string head = head_text(store->head());
    const std::string text = world.run({"--db", db}, 0);
    CHECK_THAT(text, ContainsSubstring("3 records compared, 5 entries of the chain walked.\n") &&
                         ContainsSubstring("Head: " + head + ", 2023-11-14 23:13:20\n") &&
                         ContainsSubstring("Everything fits.\n"));
    CHECK(world.err.empty());
    CHECK_THAT(world.run({"--db", db, "--head", head}, 0), ContainsSubstring("is entry 5"));
    CHECK_THAT(world.run({"--db", db, "--head", head.substr(2)}, 0), ContainsSubstring("is entry 5"));

    const auto json = nlohmann::json::parse(world.run({"--db", db, "-o", "json", "--head", head}, 0));
    CHECK(json["fits"] == true);
    CHECK(json["records"] == 3);
    CHECK(json["entries"] == 5);
    CHECK(json["keptHead"] == "found");
    CHECK(json["head"]["number"] == 5);
    CHECK(json["head"]["hash"] == head.substr(2));
    CHECK(json["first"].empty());
}

TEST_CASE_METHOD(VerifyFixture, "verify: what does not fit is named, and is 1", "[cli][chain]") {
    const std::string head = head_text(store->head());
    raw().execute("UPDATE operation SET user_name = 'nobody' WHERE id = 2");
    const std::string text = world.run({"--db", db}, 1);
    CHECK_THAT(text, ContainsSubstring("1 thing does not fit. The first:\n"
                                       "  operation 2 (entry 4 of 2023-11-14 23:13:20): its content was changed\n"));
    raw().execute("UPDATE operation SET pid = 1; DELETE FROM seal WHERE number = 5");
    const auto json = nlohmann::json::parse(world.run({"--db", db, "-o", "json", "--head", head}, 1));
    CHECK(json["fits"] == false);
    CHECK(json["keptHead"] == "missing");
    CHECK(json["misfits"] == 3);
    CHECK(json["first"][0]["operation"] == 1);
    CHECK(json["first"][0]["misfit"] == "content-changed");
    CHECK(json["first"][2]["misfit"] == "never-sealed");
    CHECK_FALSE(json["first"][2].contains("entry"));
    CHECK_THAT(world.run({"--db", db, "--head", head}, 1), ContainsSubstring("THE HEAD THAT WAS KEPT IS NOT HERE"));
}

TEST_CASE_METHOD(VerifyFixture, "verify: where retention left off", "[cli][chain]") {
    const std::string early = head_text(store->head());
    now += 3600 * second;
    record({after(connect(3)), connect(4)});
    CHECK(store->forget_before(base_time + second, 10) == 3);
    CHECK_THAT(world.run({"--db", db}, 0), ContainsSubstring("Retention left off what lay before 5:") &&
                                               ContainsSubstring("last on 2023-11-15 00:13:20.\n"));
    CHECK_THAT(world.run({"--db", db, "--head", early}, 0), ContainsSubstring("is entry 5"));
}

TEST_CASE_METHOD(VerifyFixture, "verify: without --db, the database of the service", "[cli][chain]") {
    std::filesystem::create_directory(folder.path() / "data");
    store.reset();
    std::filesystem::rename(file, folder.path() / "data" / "history.db");
    world.data_folder = utf8_path(folder.path());
    CHECK_THAT(world.run({}, 0), ContainsSubstring("Everything fits."));

    // If it does not run, that of its configuration.
    world.data_folder.clear();
    world.config = folder.path() / "config.json";
    std::ofstream(world.config) << "not JSON";
    CHECK(world.run({}, 2).empty());
    world.config = folder.path() / "none.json";
    CHECK(world.run({}, 0).size() > 100);
    world.data_folder = utf8_path(folder.path() / "elsewhere");
    CHECK(world.run({}, 3).empty());
    CHECK_THAT(world.err, ContainsSubstring("elsewhere") && ContainsSubstring("administrator"));
}

TEST_CASE_METHOD(VerifyFixture, "verify: bad usage is 2, what can't be read is 3", "[cli][chain]") {
    for (const VerifyArgs& args : {VerifyArgs{"--head", "4711"}, VerifyArgs{"-o", "csv"}, VerifyArgs{"--heads", "x"}}) {
        CHECK(world.run(args, 2).empty());
        CHECK_FALSE(world.err.empty());
    }
    world.run({"--db", utf8_path(folder.path() / "none.db")}, 3);
    CHECK_THAT(world.err, ContainsSubstring("none.db") && ContainsSubstring("no such file"));
    store.reset();
    std::ofstream(file, std::ios::binary) << std::string(10'000, 'x');
    world.run({"--db", db}, 3);
    CHECK_THAT(world.err, ContainsSubstring("not a database"));
}
