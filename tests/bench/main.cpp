// maptrail-bench-call: what one notification costs its caller, against a bare pipe round trip of the same bytes.
//
// Both are measured in turns, a block of each, in one run: what else the machine does meets both alike.
#include "tests/bench/echo.hpp"
#include "tests/bench/product.hpp"
#include "tests/bench/sample.hpp"
#include "tests/bench/turn.hpp"

#include "common/win32/error.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace maptrail;
using namespace maptrail::bench;

struct Options {
    std::string dll = "C:\\Windows\\System32\\maptrail-notifyee.dll";
    std::string echo;
    unsigned callers = 1;
    unsigned operations = 2'000;
    unsigned block = 20;
    std::string situation = "up";
    bool json = false;
};

struct Times {
    std::vector<std::int64_t> calls;
    std::vector<std::int64_t> bare;
};

std::wstring wide(const std::string& utf8) {
    return std::filesystem::path(std::u8string(utf8.begin(), utf8.end())).wstring();
}

std::string utf8(const wchar_t* text) {
    const std::u8string result = std::filesystem::path(text).u8string();
    return {result.begin(), result.end()};
}

/// One caller's share. All callers are in the same kind of block at the same time.
Times measure(const Product& product, EchoClient& echo, const Options& options, Turn& turn) {
    Times times;
    times.calls.reserve(std::size_t{2} * options.operations);
    times.bare.reserve(std::size_t{2} * options.operations);
    std::vector<std::byte> message(Product::frame_size());
    for (unsigned done = 0; done < options.operations; done += options.block) {
        const unsigned block = std::min(options.block, options.operations - done);
        turn.arrive_and_wait();
        for (unsigned i = 0; i < block; ++i) {
            product.operation(times.calls);
        }
        turn.arrive_and_wait();
        for (unsigned i = 0; i < 2 * block; ++i) {
            const std::int64_t start = ticks();
            echo.round_trip(message);
            times.bare.push_back(ticks() - start);
        }
    }
    return times;
}

Times measure_all(const Options& options) {
    const Product product(wide(options.dll));
    const EchoServer server(options.callers);
    std::vector<EchoClient> clients;
    for (unsigned i = 0; i < options.callers; ++i) {
        clients.emplace_back(server.pipe_name());
    }
    Turn turn(options.callers);
    std::mutex mutex;
    Times all;
    std::exception_ptr failure;
    {
        std::vector<std::jthread> threads;
        for (EchoClient& client : clients) {
            threads.emplace_back([&] {
                Times times;
                try {
                    // The first call connects, and the first answers find nothing in any cache: not what is measured.
                    std::vector<std::int64_t> first;
                    product.operation(first);
                    times = measure(product, client, options, turn);
                } catch (...) {
                    turn.leave();
                    const std::scoped_lock lock(mutex);
                    failure = std::current_exception();
                    return;
                }
                const std::scoped_lock lock(mutex);
                all.calls.insert(all.calls.end(), times.calls.begin(), times.calls.end());
                all.bare.insert(all.bare.end(), times.bare.begin(), times.bare.end());
            });
        }
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
    return all;
}

void print(const char* name, const Summary& summary) {
    std::printf("%-18s %8zu %10.1f %10.1f %10.1f %10.1f\n", name, summary.n, summary.median, summary.p99, summary.p999,
                summary.max);
}

void run(const Options& options) {
    Times times = measure_all(options);
    const Summary calls = summarize(times.calls);
    const Summary bare = summarize(times.bare);
    if (options.json) {
        const nlohmann::ordered_json line = {
            {"situation", options.situation},
            {"callers", options.callers},
            {"bytes", Product::frame_size()},
            {"call", to_json(calls)},
            {"bare", to_json(bare)},
            {"ratio", {{"median", calls.median / bare.median}, {"p99", calls.p99 / bare.p99}}},
        };
        std::cout << line.dump() << std::endl;
        return;
    }
    std::printf("service %s, callers: %u, request: %zu bytes; microseconds\n", options.situation.c_str(),
                options.callers, Product::frame_size());
    std::printf("%-18s %8s %10s %10s %10s %10s\n", "", "n", "median", "p99", "p99.9", "max");
    print("call", calls);
    print("bare round trip", bare);
    std::printf("%-18s %8s %10.2f %10.2f %10.2f\n", "ratio", "", calls.median / bare.median, calls.p99 / bare.p99,
                calls.p999 / bare.p999);
}

} // namespace

int wmain(int count, wchar_t** arguments) {
    CLI::App app("What one notification costs its caller, against a bare pipe round trip of the same bytes.");
    Options options;
    app.add_option("--dll", options.dll, "the DLL to call");
    app.add_option("--callers", options.callers, "threads that call at the same time")->check(CLI::Range(1U, 64U));
    app.add_option("--operations", options.operations, "of each caller; an operation has two calls");
    app.add_option("--block", options.block, "operations before it is the bare round trips' turn")
        ->check(CLI::PositiveNumber);
    app.add_option("--situation", options.situation, "what the service is doing: a word for the output");
    app.add_flag("--json", options.json, "one line of JSON");
    app.add_option("--echo", options.echo, "be the other end of the bare round trip, on that pipe");
    // CLI11 takes its arguments last one first.
    std::vector<std::string> given;
    for (int i = count - 1; i > 0; --i) {
        given.push_back(utf8(arguments[i]));
    }
    try {
        app.parse(given);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    try {
        if (!options.echo.empty()) {
            return serve_echo(wide(options.echo), options.callers);
        }
        run(options);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "maptrail-bench-call: %s\n", error.what());
        return 1;
    }
}
