// maptrail-bench-retention: how fast a history forgets, without the service and its pauses.
#include "service/store/store.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>

namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::uint64_t mib = 1U << 20U;
constexpr std::uint64_t given_back_at_once = 4 * mib;

struct Options {
    std::string database;
    std::uint64_t keep = 0;
    std::uint64_t at_once = 8'000;
    std::optional<std::uint64_t> most_free; ///< MiB
    double seconds = 60;
};

std::int64_t now() {
    using namespace std::chrono;
    return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}

void forget(const Options& options) {
    const auto store = maptrail::open_store(options.database, maptrail::StoreMode::read_write, now, "bench");
    maptrail::Retention retention;
    retention.operations = options.keep;
    const auto begin = std::chrono::steady_clock::now();
    const auto since = [](auto then) { return Seconds(std::chrono::steady_clock::now() - then).count(); };
    std::uint64_t forgotten = 0;
    double longest = 0;
    double giving_back = 0;
    while (since(begin) < options.seconds) {
        const auto step = std::chrono::steady_clock::now();
        const std::uint64_t free_now = store->counts().free_bytes;
        if (options.most_free && free_now / mib > *options.most_free &&
            store->give_back(std::min(free_now - *options.most_free * mib, given_back_at_once)) != 0) {
            giving_back += since(step);
            longest = std::max(longest, since(step));
            continue;
        }
        const auto before = store->surplus_before(retention, options.at_once);
        if (!before) {
            break;
        }
        const std::uint64_t gone = store->forget_before(*before, options.at_once);
        if (gone == 0) {
            throw std::runtime_error("there is more than may stay, and nothing of it can be forgotten");
        }
        forgotten += gone;
        longest = std::max(longest, since(step));
        std::fprintf(stderr, "\r%llu", static_cast<unsigned long long>(forgotten));
    }
    const double took = since(begin);
    const maptrail::StoreCounts left = store->counts();
    std::printf(
        "%llu operations in %.1f s, %.0f a second; the longest step %.0f ms; %.1f s went into giving room back: "
        "the database has %llu MiB, of which %llu are free\n",
        static_cast<unsigned long long>(forgotten), took, static_cast<double>(forgotten) / took, longest * 1000,
        giving_back, static_cast<unsigned long long>(left.bytes / mib),
        static_cast<unsigned long long>(left.free_bytes / mib));
}

} // namespace

int main(int count, char** arguments) {
    CLI::App app("Forgets operations of a history, which it changes for good: give it a copy.");
    Options options;
    app.add_option("--db", options.database, "the history")->required()->check(CLI::ExistingFile);
    app.add_option("--keep", options.keep, "how many may stay")->required()->check(CLI::PositiveNumber);
    app.add_option("--at-once", options.at_once, "how many in one transaction (8000)")->check(CLI::PositiveNumber);
    app.add_option("--most-free", options.most_free,
                   "MiB; what more is free is given back meanwhile (nothing is given back)");
    app.add_option("--seconds", options.seconds, "how long at most (60)")->check(CLI::PositiveNumber);
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    try {
        forget(options);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "maptrail-bench-retention: %s\n", error.what());
        return 1;
    }
}
