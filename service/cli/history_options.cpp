#include "service/cli/history_options.hpp"

#include "common/model/windows_error.hpp"
#include "service/cli/time_expression.hpp"
#include "service/cli/usage_error.hpp"
#include "service/format/words.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <limits>

namespace maptrail {
namespace {

constexpr const char* history_examples = R"(Examples:
  maptrail history                              the newest 50 on a terminal, everything into a file or pipe
  maptrail history -S today --outcome failure   what failed since midnight
  maptrail history -S -2h --drive Z             what happened to Z: in the last two hours
  maptrail history --user CORP\* --remote \\files\*
  maptrail history --exe powershell.exe -o json
  maptrail history --error ERROR_BAD_NETPATH -n 10
  maptrail history --db D:\copy\history.db -o csv > history.csv

* and ? stand for anything; case does not count. An option that is given several times takes any of its values;
different options must all hold. A date without a time is its midnight, also for --until.
Exit code: 0 found, 1 nothing matched, 2 usage, 3 the service does not answer.)";

constexpr std::uint64_t most_32 = std::numeric_limits<std::uint32_t>::max();

UsageError wrong(const char* option, const std::string& value, const char* accepted) {
    return UsageError{std::string(option) + ": \"" + value + "\" is not understood. Accepted: " + accepted + "."};
}

std::uint32_t error_of(const std::string& text) {
    if (const auto number = number_of(text, most_32)) {
        return static_cast<std::uint32_t>(*number);
    }
    if (const auto code = error_code(text)) {
        return *code;
    }
    throw wrong("--error", text, "a Windows error code like 53 or 0x35, or its name like ERROR_BAD_NETPATH");
}

void several(CLI::App& command, const char* names, std::vector<std::string>& values, const char* type,
             const char* text) {
    // One value at a time, so that `--user a status` does not swallow what follows.
    command.add_option(names, values, text)->type_name(type)->allow_extra_args(false);
}

void add_times(CLI::App& command, HistoryOptions& options) {
    command.add_option("-S,--since", options.since, "From this time on: 2026-01-31, \"2026-01-31 14:30\", -2h, today")
        ->type_name("TIME");
    command.add_option("-U,--until", options.until, "Before this time")->type_name("TIME");
}

void add_who(CLI::App& command, HistoryOptions& options) {
    several(command, "--user", options.users, "USER", "NAME, DOMAIN\\NAME, NAME@DOMAIN or a SID");
    several(command, "--remote", options.remotes, "PATH", "Remote name, like \\\\server\\share");
    several(command, "--drive", options.drives, "DRIVE", "Local name, like Z: or LPT1:");
    several(command, "--exe", options.programs, "PROGRAM", "The program's file name or full path");
}

void add_database(CLI::App& command, HistoryOptions& options) {
    command.add_option("--db", options.database, "Read this copied database; do not ask the service")
        ->type_name("FILE");
}

} // namespace

std::int64_t time_of(const char* option, const std::string& text, std::int64_t now, const ZoneOffset& zone) {
    const auto time = parse_time(text, now, zone);
    if (const auto* const error = std::get_if<TimeError>(&time)) {
        throw UsageError(std::string(option) + ": " + error->text);
    }
    return std::get<std::int64_t>(time);
}

void add_scope_options(CLI::App& command, HistoryOptions& options) {
    add_times(command, options);
    add_who(command, options);
    add_database(command, options);
}

void add_history_options(CLI::App& command, HistoryOptions& options) {
    add_times(command, options);
    command.add_option("-n,--lines", options.newest, "No more than the newest N")->type_name("N");
    command.add_flag("-r,--reverse", options.reverse, "Newest first");
    several(command, "--id", options.ids, "ID", "The operation with this number: event.id of -o json");
    add_who(command, options);
    several(command, "--pid", options.pids, "PID", "Process id");
    several(command, "--action", options.actions, "ACTION", "connect, disconnect or loss");
    several(command, "--outcome", options.outcomes, "OUTCOME", "success, failure, denied or unknown");
    several(command, "--error", options.errors, "ERROR", "Error code (53, 0x35) or name (ERROR_BAD_NETPATH)");
    command.add_option("-o,--output", options.format, "table (the default), json, jsonl or csv")->type_name("FORMAT");
    add_database(command, options);
    command.footer(history_examples);
}

std::int64_t operation_id_of(const char* option, const std::string& text) {
    const auto id = number_of(text, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
    if (!id) {
        throw wrong(option, text, "an operation's number, as event.id of `maptrail history -o json`");
    }
    return static_cast<std::int64_t>(*id);
}

Query query_of(const HistoryOptions& options, std::int64_t now, const ZoneOffset& zone) {
    Query query;
    if (options.since) {
        query.since = time_of("--since", *options.since, now, zone);
    }
    if (options.until) {
        query.until = time_of("--until", *options.until, now, zone);
    }
    if (query.since && query.until && *query.since >= *query.until) {
        throw UsageError("--since " + *options.since + " is not before --until " + *options.until +
                         ": nothing can lie between them.");
    }
    if (options.newest) {
        const auto count = number_of(*options.newest, std::numeric_limits<std::uint32_t>::max());
        if (!count || *count == 0) {
            throw wrong("-n", *options.newest, "a number from 1 on");
        }
        query.newest = *count;
    }
    for (const std::string& text : options.ids) {
        query.ids.push_back(operation_id_of("--id", text));
    }
    query.newest_first = options.reverse;
    query.users = options.users;
    query.remotes = options.remotes;
    query.drives = options.drives;
    query.programs = options.programs;
    for (const std::string& text : options.pids) {
        const auto pid = number_of(text, most_32);
        if (!pid) {
            throw wrong("--pid", text, "a process id, like 4711");
        }
        query.pids.push_back(static_cast<std::uint32_t>(*pid));
    }
    for (const std::string& text : options.actions) {
        const auto action = action_of(text);
        if (!action) {
            throw wrong("--action", text, "connect, disconnect, loss");
        }
        query.actions.push_back(*action);
    }
    for (const std::string& text : options.outcomes) {
        const auto outcome = outcome_of(text);
        if (!outcome) {
            throw wrong("--outcome", text, "success, failure, denied, unknown");
        }
        query.outcomes.push_back(*outcome);
    }
    for (const std::string& text : options.errors) {
        query.errors.push_back(error_of(text));
    }
    return query;
}

Format format_of(const HistoryOptions& options) {
    if (options.format == "table") {
        return Format::table;
    }
    if (options.format == "json") {
        return Format::json;
    }
    if (options.format == "jsonl") {
        return Format::jsonl;
    }
    if (options.format == "csv") {
        return Format::csv;
    }
    throw wrong("-o", options.format, "table, json, jsonl, csv");
}

} // namespace maptrail
