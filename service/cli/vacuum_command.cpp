#include "service/cli/vacuum_command.hpp"

#include "service/cli/files.hpp"
#include "service/cli/progress.hpp"
#include "service/cli/rules_words.hpp"
#include "service/store/store.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include <chrono>

namespace maptrail {
namespace {

constexpr const char* vacuum_notes = R"(Examples:
  maptrail history --disk-usage                  how much room it takes
  maptrail vacuum                                gives back what is free in the database
  maptrail vacuum --keep-days 90                 forgets what is older, now; what retention keeps stays in force
  maptrail vacuum --keep-operations 1000000 --keep-size 500

What is forgotten is gone: `maptrail backup` first. The service does it, and goes on recording meanwhile; Ctrl+C ends
the waiting, not the vacuum. As an administrator.
Exit code: 0 done, 1 it failed, 2 usage, 3 the service does not answer.)";

constexpr std::chrono::milliseconds between_looks{300};

struct HistoryState {
    std::string started; ///< the service, when
    std::uint64_t bytes = 0;
    std::uint64_t free_bytes = 0;
    std::uint64_t forgotten = 0;
    std::uint64_t operations = 0;
    bool vacuuming = false;
    std::string problem;
};

HistoryState ask(Environment& environment) {
    const nlohmann::json status = environment.service_status();
    const nlohmann::json history = status.value("history", nlohmann::json::object());
    const nlohmann::json counts = status.value("counts", nlohmann::json::object());
    return {status.value("started", std::string()),
            history.value("bytes", std::uint64_t{0}),
            history.value("freeBytes", std::uint64_t{0}),
            history.value("forgotten", std::uint64_t{0}),
            counts.value("operations", std::uint64_t{0}) + counts.value("losses", std::uint64_t{0}),
            history.value("vacuuming", false),
            history.value("vacuumProblem", std::string())};
}

std::string usage_text(std::uint64_t operations, std::uint64_t bytes, std::uint64_t free_bytes) {
    return "The history has " + counted(operations, "operation") + " and takes " + size_text(bytes) +
           (free_bytes != 0 ? ", of which " + size_text(free_bytes) + " are free for new ones" : std::string()) + ".\n";
}

} // namespace

void add_vacuum_options(CLI::App& command, VacuumOptions& options) {
    command.add_option("--keep-days", options.days, "Forget what began longer ago")
        ->type_name("N")
        ->check(CLI::Range(1, 36'500));
    command.add_option("--keep-operations", options.operations, "Forget all but the newest N")
        ->type_name("N")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{4'000'000'000}));
    command
        .add_option("--keep-size", options.size_mib, "Forget the oldest until the rest takes no more than so many MiB")
        ->type_name("MIB")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'048'576}));
    command.footer(vacuum_notes);
}

ExitCode run_vacuum(const VacuumOptions& options, Environment& environment) {
    const HistoryState before = ask(environment);
    environment.vacuum({std::chrono::hours(24) * options.days, options.operations, options.size_mib << 20U});
    ProgressLine progress(environment);
    HistoryState now = ask(environment);
    while (now.vacuuming && now.started == before.started) {
        progress.say(counted(now.forgotten - before.forgotten, "operation") + " forgotten, " + size_text(now.bytes) +
                     " left");
        if (!environment.wait(between_looks)) {
            progress.clear();
            environment.write_error("The service goes on with it; `maptrail status` shows how far it is.\n");
            return ExitCode::ok;
        }
        now = ask(environment);
    }
    progress.clear();
    if (now.started != before.started) {
        throw Failed("the service was started again meanwhile, which ended the vacuum. What was forgotten before stays "
                     "so; ask again for the rest.");
    }
    if (!now.problem.empty()) {
        throw Failed("the vacuum failed: " + now.problem + ". What was forgotten before stays so; the log tells more.");
    }
    (void)environment.write_out(counted(now.forgotten - before.forgotten, "operation") + " forgotten. " +
                                usage_text(now.operations, now.bytes, now.free_bytes));
    return ExitCode::ok;
}

ExitCode run_disk_usage(const std::optional<std::string>& database, Environment& environment) {
    if (!database) {
        const HistoryState now = ask(environment);
        (void)environment.write_out(usage_text(now.operations, now.bytes, now.free_bytes));
        return ExitCode::ok;
    }
    try {
        const StoreCounts counts =
            open_store(path_of_utf8(*database), StoreMode::read_only, [] { return 0; }, {})->counts();
        (void)environment.write_out(usage_text(counts.operations + counts.losses, counts.bytes, counts.free_bytes));
        return ExitCode::ok;
    } catch (const StoreError& error) {
        throw CannotDo("--db: " + std::string(error.what()));
    }
}

} // namespace maptrail
