#include "service/cli/state_command.hpp"

#include "service/answers/mappings.hpp"
#include "service/cli/answer_output.hpp"
#include "service/cli/operation_output.hpp"
#include "service/cli/progress.hpp"
#include "service/cli/rules_words.hpp"
#include "service/cli/usage_error.hpp"
#include "service/format/ecs_json.hpp"
#include "service/format/text_table.hpp"
#include "service/format/words.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <limits>

namespace maptrail {
namespace {

constexpr const char* state_notes = R"(Examples:
  maptrail state                               what is connected now, by whom, since when, from which program
  maptrail state --at "2026-01-31 14:30"       what was connected then
  maptrail state --user CORP\jane --drive Z
  maptrail state -S -1d -o json                only what was connected within the last day

It is what the record says. Windows tells nobody of connections that it restores at logon, so they are missing; nor of
those that end with their logon session, so they stay: -S leaves old ones out. SINCE, PROGRAM and ID are of the
operation that made the connection.
Exit code: 0 found, 1 nothing is connected by the record, 2 usage, 3 the service does not answer.)";

std::string state_table(const std::vector<Operation>& mappings, const Screen& screen) {
    TextTable table;
    table.columns = {flexible_column("USER", 8),
                     text_column("DRIVE"),
                     flexible_column("REMOTE", 16),
                     text_column("SINCE", 4),
                     flexible_column("PROGRAM", 8, true, 5),
                     number_column("PID", 1),
                     text_column("SESSION", 2),
                     text_column("RIGHTS", 3),
                     number_column("ID", 6)};
    const bool narrow = detail_for(screen.width) == TableDetail::narrow;
    const bool full = detail_for(screen.width) == TableDetail::full;
    for (const Operation& o : mappings) {
        table.rows.push_back({{narrow && !o.identity.user_name.empty() ? o.identity.user_name : who_text(o.identity)},
                              {o.local_name},
                              {o.remote_name},
                              {screen.time(o.start)},
                              {full ? o.process.path : file_name_of(o.process.path)},
                              {std::to_string(o.process.pid)},
                              {hex_text(o.identity.logon_id)},
                              {o.identity.elevated ? "elevated" : ""},
                              {std::to_string(o.id)}});
    }
    return table.text(screen.width, screen.colour);
}

Query state_query(const StateOptions& options, Environment& environment) {
    Query query = query_of(options.scope, environment.now(), environment.zone());
    query.actions = {Action::connect, Action::disconnect};
    query.outcomes = {Outcome::success, Outcome::failure}; // of the failures, those that find nothing connected
    if (options.at) {
        const std::int64_t at = time_of("--at", *options.at, environment.now(), environment.zone());
        query.until = at < std::numeric_limits<std::int64_t>::max() ? at + 1 : at;
        if (query.since && *query.since >= *query.until) {
            throw UsageError("--since " + *options.scope.since + " is not before --at " + *options.at +
                             ": nothing can lie between them.");
        }
    }
    return query;
}

} // namespace

void add_state_options(CLI::App& command, StateOptions& options) {
    HistoryOptions& scope = options.scope;
    command.add_option("--at", options.at, "At this moment, not now: 2026-01-31, \"2026-01-31 14:30\", -2h, today")
        ->type_name("TIME");
    command.add_option("-S,--since", scope.since, "Only what was connected from this time on")->type_name("TIME");
    command.add_option("--user", scope.users, "NAME, DOMAIN\\NAME, NAME@DOMAIN or a SID")
        ->type_name("USER")
        ->allow_extra_args(false);
    command.add_option("--drive", scope.drives, "Local name, like Z: or LPT1:")
        ->type_name("DRIVE")
        ->allow_extra_args(false);
    command.add_option("-o,--output", scope.format, "table (the default), json, jsonl or csv")->type_name("FORMAT");
    command.add_option("--db", scope.database, "Read this copied database; do not ask the service")->type_name("FILE");
    command.footer(state_notes);
}

ExitCode run_state(const StateOptions& options, Environment& environment) {
    const Query query = state_query(options, environment);
    const Format format = format_of(options.scope);
    const auto source = environment.open_history(options.scope.database);
    Mappings mappings;
    std::uint64_t read = 0;
    ProgressLine progress(environment);
    source->find(query, [&](const Operation& operation) {
        mappings.add(operation);
        progress.tell(++read);
        return true;
    });
    progress.clear();
    const std::vector<Operation> now = mappings.now();
    if (format != Format::table) {
        const auto writer = operation_writer(format, {}, environment.terminal(), environment);
        bool open = true;
        for (const Operation& mapping : now) {
            open = open && writer->write(mapping);
        }
        if (open) {
            (void)writer->finish(); // the last text: nothing is left to stop
        }
    } else if (!now.empty()) {
        (void)environment.write_out(state_table(now, Screen(environment)));
    }
    if (mappings.given_up() != 0) {
        environment.write_error(counted(mappings.given_up(), "connection") +
                                " not shown: there are too many. The oldest are left out; -S does that too.\n");
    }
    if (now.empty()) {
        environment.write_error("By the record nothing is connected" +
                                std::string(options.at ? " at that moment" : "") +
                                ". What Windows restores at logon is announced to nobody.\n");
        return ExitCode::nothing;
    }
    return ExitCode::ok;
}

} // namespace maptrail
