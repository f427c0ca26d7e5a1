// maptrail-bench-judge: what judging one event by many rules costs.
#include "tests/bench/judge_sample.hpp"
#include "tests/bench/sample.hpp"

#include "service/rules/rule_set.hpp"
#include "service/rules/subject_buffer.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace maptrail;
using namespace maptrail::bench;

struct Options {
    std::size_t rules = 300;
    std::size_t events = 200'000;
    bool json = false;
};

template <typename Work>
std::int64_t nanoseconds_of(const Work& work) {
    using std::chrono::steady_clock;
    const auto start = steady_clock::now();
    work();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(steady_clock::now() - start).count();
}

struct Row {
    const char* name;
    Summary fill;
    Summary judge;
    double matched = 0; ///< rules, of each event, in the mean
};

/// What a service has that was asleep: other programs have used the caches since its last event.
class ColdCaches {
public:
    void make() {
        for (std::size_t i = 0; i < memory_.size(); i += 64) {
            memory_[i] = static_cast<std::uint8_t>(memory_[i] + 1);
        }
    }

private:
    std::vector<std::uint8_t> memory_ = std::vector<std::uint8_t>(std::size_t{64} << 20U);
};

Row measure(const char* name, const rules::RuleSet& set, const std::vector<SampleCall>& calls, std::size_t events,
            ColdCaches* cold = nullptr) {
    const std::vector<std::string> groups{"S-1-1-0", "S-1-5-11", "S-1-5-21-1-2-3-5008", "S-1-5-21-1-2-3-513",
                                          "S-1-5-32-545"};
    rules::SubjectBuffer buffer;
    std::vector<std::int64_t> fill;
    std::vector<std::int64_t> judge;
    fill.reserve(events);
    judge.reserve(events);
    std::size_t matched = 0;
    for (std::size_t i = 0; i < events; ++i) {
        const SampleCall& call = calls[i % calls.size()];
        const wire::Request request = call.request();
        const rules::LocalMoment moment{static_cast<std::uint16_t>(i % 1'440), static_cast<std::uint8_t>(i % 7)};
        const rules::Subject* subject = nullptr;
        rules::Judgement judgement;
        fill.push_back(nanoseconds_of(
            [&] { subject = &buffer.fill(request, Source::pipe, call.identity, call.process, &groups, moment); }));
        if (cold != nullptr) {
            cold->make();
        }
        judge.push_back(nanoseconds_of([&] { set.judge(*subject, judgement); }));
        matched += judgement.count;
    }
    return {name, summarize(fill), summarize(judge), static_cast<double>(matched) / static_cast<double>(events)};
}

void print(const Options& options, const std::vector<Row>& rows) {
    if (options.json) {
        for (const Row& row : rows) {
            const nlohmann::ordered_json line = {{"events", row.name},
                                                 {"rules", options.rules},
                                                 {"matched", row.matched},
                                                 {"subject", to_json(row.fill)},
                                                 {"judge", to_json(row.judge)}};
            std::cout << line.dump() << '\n';
        }
        return;
    }
    std::printf(
        "| Rules | Events | | n | median | mean | p99 | p99.9 | max |\n|---|---|---|---|---|---|---|---|---|\n");
    for (const Row& row : rows) {
        for (const auto& [what, times] : {std::pair("request to subject", &row.fill), std::pair("judge", &row.judge)}) {
            std::printf("| %zu | %s | %s | %zu | %.2f | %.2f | %.2f | %.2f | %.1f |\n", options.rules, row.name, what,
                        times->n, times->median, times->mean, times->p99, times->p999, times->max);
        }
    }
    for (const Row& row : rows) {
        std::printf("%s: %.1f rules matched each event\n", row.name, row.matched);
    }
}

void run(const Options& options) {
    const rules::RuleSet set(sample_rules(options.rules), ConfigVersion{}, nullptr);
    constexpr std::size_t different = 1'000;
    ColdCaches cold;
    print(options, {measure("as they come", set, sample_calls(different), options.events),
                    measure("as they come, caches cold", set, sample_calls(different), options.events / 500, &cold),
                    measure("longest remote names", set, long_calls(different), options.events / 10)});
}

} // namespace

int main(int count, char** arguments) {
    CLI::App app("What judging one event by many rules costs, in microseconds. Of five rules three have globs.");
    Options options;
    app.add_option("--rules", options.rules, "how many")->check(CLI::Range(1U, 1'000U));
    app.add_option("--events", options.events, "how many")->check(CLI::Range(1'000U, 10'000'000U));
    app.add_flag("--json", options.json, "a line of JSON for each kind of events");
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    try {
        run(options);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "maptrail-bench-judge: %s\n", error.what());
        return 1;
    }
}
