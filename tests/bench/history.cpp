// maptrail-bench-history: makes a history of any length, to measure how long questions to it take.
#include "tests/bench/history_sample.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

int main(int count, char** arguments) {
    CLI::App app("Makes a history database as an organisation could have it; the same in every run.");
    std::uint64_t operations = 1'000'000;
    std::string out;
    app.add_option("--operations", operations, "how many (1000000)")->check(CLI::Range(1U, 1'000'000'000U));
    app.add_option("--out", out, "the file, which must not be there yet")->required();
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    try {
        if (std::filesystem::exists(out)) {
            std::fprintf(stderr, "maptrail-bench-history: %s is there already\n", out.c_str());
            return 2;
        }
        std::uint64_t told = 0;
        maptrail::bench::make_history(out, operations, [&](std::uint64_t made) {
            if (made / 100'000 != told / 100'000 || made == operations) {
                std::fprintf(stderr, "%llu operations\n", static_cast<unsigned long long>(made));
            }
            told = made;
        });
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "maptrail-bench-history: %s\n", error.what());
        return 1;
    }
}
