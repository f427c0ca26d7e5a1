// maptrail-bench-replay: how long `maptrail rules replay --db` takes.
#include "tests/bench/history_sample.hpp"
#include "tests/bench/judge_sample.hpp"

#include "service/cli/database_source.hpp"
#include "service/judge/replay_threads.hpp"
#include "service/text/utf.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>
#include <system_error>

namespace {

using namespace maptrail;

struct Options {
    std::uint64_t operations = 1'000'000;
    std::string database; ///< kept; else one that is removed
    bool json = false;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Without rules it is the reading alone.
void measure(const Options& options, const std::string& database, std::size_t rule_count) {
    const rules::RuleSet set(bench::sample_rules(rule_count), ConfigVersion{}, nullptr);
    const auto start = std::chrono::steady_clock::now();
    ReplayThreads threads(set, make_environment()->zone(), 3, replay_threads());
    Query query;
    query.newest_first = true;
    open_database_source(database)->find(query, [&](const Operation& operation) {
        threads.add(operation);
        return true;
    });
    const ReplayTotals& totals = threads.finish().totals();
    const double seconds = seconds_since(start);
    if (options.json) {
        const nlohmann::ordered_json line = {{"rules", rule_count},
                                             {"operations", totals.operations},
                                             {"matched", totals.counts.matched},
                                             {"seconds", seconds}};
        std::cout << line.dump() << '\n';
    } else {
        std::printf("| %zu | %llu | %llu | %.2f | %.2f |\n", rule_count,
                    static_cast<unsigned long long>(totals.operations),
                    static_cast<unsigned long long>(totals.counts.matched), seconds,
                    seconds * 1e6 / static_cast<double>(totals.operations));
    }
}

/// Gone with what SQLite lays beside it.
struct Scratch {
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("maptrail-bench-replay-" + std::to_string(std::random_device()()));
    Scratch() { std::filesystem::create_directory(folder); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        std::error_code ignored; // it is the temporary folder
        std::filesystem::remove_all(folder, ignored);
    }
};

void run(const Options& options) {
    const Scratch scratch;
    const std::filesystem::path file =
        options.database.empty() ? scratch.folder / "history.db" : std::filesystem::path(options.database);
    if (!std::filesystem::exists(file)) {
        const auto start = std::chrono::steady_clock::now();
        bench::make_history(file, options.operations);
        std::fprintf(stderr, "%llu operations made in %.0f s\n", static_cast<unsigned long long>(options.operations),
                     seconds_since(start));
    }
    if (!options.json) {
        std::printf("| Rules | Operations | Matched | s | us each |\n|---|---|---|---|---|\n");
    }
    for (const std::size_t rules : {std::size_t{0}, std::size_t{30}, std::size_t{300}}) {
        measure(options, path_utf8(file), rules);
    }
}

} // namespace

int main(int count, char** arguments) {
    CLI::App app("How long rules take to go over a recorded history, as `maptrail rules replay --db` does it.");
    Options options;
    app.add_option("--operations", options.operations, "how many")->check(CLI::Range(1'000U, 100'000'000U));
    app.add_option("--database", options.database, "made there if it is missing, and kept");
    app.add_flag("--json", options.json, "a line of JSON for each number of rules");
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    try {
        run(options);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "maptrail-bench-replay: %s\n", error.what());
        return 1;
    }
}
