#include "service/cli/rules_replay.hpp"

#include "service/cli/history_options.hpp"
#include "service/cli/named_config.hpp"
#include "service/cli/progress.hpp"
#include "service/cli/replay_report.hpp"
#include "service/cli/rules_words.hpp"
#include "service/cli/usage_error.hpp"
#include "service/format/ecs_json.hpp"
#include "service/format/words.hpp"
#include "service/judge/replay_threads.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace maptrail {
namespace {

constexpr const char* replay_notes = R"(Examples:
  maptrail rules replay -S 7d                         the rules in force over the last week
  maptrail rules replay -S 30d --config D:\new.json   rules that are to be tried first
  maptrail rules replay --db D:\copy\history.db --config D:\new.json -o json

A rule in audit mode is counted with what it would do if it were enforced, and its denials as WOULD DENY. DENIED and
WOULD DENY count a denial once, at the rule that decides it; the other columns count at each rule that matched. What
"throttle" would keep back is counted as logged and run. The history does not hold the
addresses that names of servers had, nor the groups of those who did not reach the service in time (source: spool):
conditions on them are not known, so such a rule does not match.
Exit code: 0 judged, 1 there is nothing to judge, 2 usage or a mistake in the file, 3 the service does not answer.)";

constexpr std::uint64_t most_examples = 1'000;

Query query_for(const RulesReplayOptions& options, Environment& environment) {
    HistoryOptions history;
    history.since = options.since;
    history.until = options.until;
    history.reverse = true; // the examples are the newest then
    return query_of(history, environment.now(), environment.zone());
}

} // namespace

void add_rules_replay_options(CLI::App& command, RulesReplayOptions& options) {
    command.add_option("-S,--since", options.since, "From this time on: 7d, 2026-01-31, \"2026-01-31 14:30\", today")
        ->type_name("TIME");
    command.add_option("-U,--until", options.until, "Before this time")->type_name("TIME");
    command.add_option("--config", options.config, "This configuration, not the one that the service reads")
        ->type_name("FILE");
    command.add_option("--db", options.database, "Read this copied database; do not ask the service")
        ->type_name("FILE");
    command.add_option("--examples", options.examples, "Operations shown of each rule, the newest (3)")->type_name("N");
    command.add_option("-o,--output", options.format, "table (the default) or json")->type_name("FORMAT");
    command.footer(replay_notes);
}

ExitCode run_rules_replay(const RulesReplayOptions& options, Environment& environment) {
    const RulesFormat format = rules_format_of(options.format, "table");
    const auto examples = number_of(options.examples, most_examples);
    if (!examples) {
        throw UsageError("--examples: \"" + options.examples + "\" is not understood. Accepted: a number to 1000.");
    }
    const Query query = query_for(options, environment);
    const auto named = load_named_config(options.config, environment);
    if (!named) {
        return ExitCode::usage;
    }
    const rules::RuleSet rules = rule_set_of(named->loaded, environment);
    const std::unique_ptr<HistorySource> history = environment.open_history(options.database);
    ReplayThreads threads(rules, environment.zone(), static_cast<std::size_t>(*examples), replay_threads(),
                          [&](std::uint64_t set) { return history->groups_of(set); });
    std::uint64_t read = 0;
    ProgressLine progress(environment);
    history->find(query, [&](const Operation& operation) {
        threads.add(operation);
        progress.tell(++read);
        return true;
    });
    const Replay& replay = threads.finish();
    progress.clear();
    if (replay.totals().operations == 0) {
        environment.write_error("There is nothing to judge. Ask for a longer time: -S 30d.\n");
    }
    (void)environment.write_out(format == RulesFormat::json
                                    ? json_pretty(replay_json(rules, replay)) + "\n"
                                    : replay_text(rules, replay, environment.zone(), width_of(environment)));
    return replay.totals().operations == 0 ? ExitCode::nothing : ExitCode::ok;
}

} // namespace maptrail
