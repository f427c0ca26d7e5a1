#include "service/cli/history_options.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace maptrail {
namespace {

constexpr const char* history_examples = R"(Examples:
  maptrail history                              the newest 50 on a terminal, everything into a file or pipe
  maptrail history -S today --outcome failure   what failed since midnight
  maptrail history -S -2h --drive Z             what happened to Z: in the last two hours
  maptrail history --user CORP\* --remote \\files\*
  maptrail history --exe powershell.exe -o json
  maptrail history -f --outcome failure         what fails, as it happens; Ctrl+C ends it
  maptrail history --error ERROR_BAD_NETPATH -n 10
  maptrail history -g payroll user.domain=CORP -o short
  maptrail history --cursor-file D:\siem\cursor -o jsonl   what ended since the last time
  maptrail history --db D:\copy\history.db -o csv > history.csv

* and ? stand for anything; case does not count. An option that is given several times takes any of its values;
different options must all hold. A date without a time is its midnight, also for --until.
With a cursor the order is that of the ending, and -n N is the first N after it.
Exit code: 0 found, 1 nothing matched, 2 usage, 3 the service does not answer, 10 bad cursor, 12 cursor expired.)";

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
    several(command, "--server", options.servers, "NAME", "The server in the remote name");
    several(command, "--share", options.shares, "NAME", "The share in it, or \\\\server\\share with all that is below");
    several(command, "--drive", options.drives, "DRIVE", "Local name, like Z: or LPT1:");
    several(command, "--exe", options.programs, "PROGRAM", "The program's file name or full path");
}

void add_database(CLI::App& command, HistoryOptions& options) {
    command.add_option("--db", options.database, "Read this copied database; do not ask the service")
        ->type_name("FILE");
}

} // namespace

void add_scope_options(CLI::App& command, HistoryOptions& options) {
    add_times(command, options);
    add_who(command, options);
    add_database(command, options);
}

void add_history_options(CLI::App& command, HistoryOptions& options) {
    add_times(command, options);
    command.add_option("-n,--lines", options.newest, "No more than the newest N")->type_name("N");
    command.add_flag("-f,--follow", options.follow, "Show the newest 10 (or -n N), then what ends from now on");
    command.add_flag("-r,--reverse", options.reverse, "Newest first");
    several(command, "--id", options.ids, "ID", "The operation with this number: event.id of -o json");
    add_who(command, options);
    several(command, "--pid", options.pids, "PID", "Process id");
    several(command, "--action", options.actions, "ACTION", "connect, disconnect or loss");
    several(command, "--outcome", options.outcomes, "OUTCOME", "success, failure, denied or unknown");
    several(command, "--error", options.errors, "ERROR", "Error code (53, 0x35) or name (ERROR_BAD_NETPATH)");
    several(command, "--provider", options.providers, "NAME", "Network provider");
    several(command, "--session", options.sessions, "SESSION", "Session id; or console, remote, service");
    several(command, "--tag", options.tags, "TAG", "Tag that a rule gave");
    several(command, "--rule", options.rules, "RULE", "Rule that matched");
    several(command, "--decision", options.decisions, "DECISION", "allow, or deny (also what audit would deny)");
    several(command, "--source", options.sources, "SOURCE", "pipe or spool");
    several(command, "-g,--grep", options.texts, "TEXT", "Somewhere in user, program, device, remote name, rules...");
    command.add_option("MATCH", options.fields, "FIELD=VALUE, by the names of -o json: user.name=jane")->type_name("");
    command.add_option("-o,--output", options.format, "table (the default), short, verbose, json, jsonl or csv")
        ->type_name("FORMAT");
    command
        .add_option("--output-fields", options.output_fields,
                    "Only these, of verbose, json, jsonl and csv: event.start,user")
        ->type_name("FIELD,...");
    command.add_flag("--raw", options.raw, "Each notification for itself, not joined into operations");
    command.add_flag("--utc", options.utc, "Show times in UTC");
    command.add_option("--cursor", options.cursor, "From this operation on, as they ended")->type_name("CURSOR");
    command.add_option("--after-cursor", options.after_cursor, "What ended after it")->type_name("CURSOR");
    command
        .add_option("--cursor-file", options.cursor_file, "After the cursor in FILE, if there is one; keep it there")
        ->type_name("FILE");
    command.add_flag("--show-cursor", options.show_cursor, "Tell the cursor of the last one that was shown");
    command.add_flag("--disk-usage", options.disk_usage, "Show how much room the history takes, and nothing else");
    add_database(command, options);
    command.footer(history_examples);
}

} // namespace maptrail
