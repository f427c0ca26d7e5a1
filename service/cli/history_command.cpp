#include "service/cli/history_command.hpp"

#include "service/cli/cursor.hpp"
#include "service/cli/history_follow.hpp"
#include "service/cli/operation_output.hpp"
#include "service/cli/usage_error.hpp"
#include "service/cli/vacuum_command.hpp"

#include <utility>
#include <vector>

namespace maptrail {
namespace {

TableStyle style_of(const HistoryOptions& options, Format format) {
    TableStyle style;
    style.utc = options.utc;
    style.live = options.follow;
    style.fields = output_fields_of(options, format);
    return style;
}

/// Rows that fit on a screen are gathered first: one more than are shown tells whether there are more.
std::size_t write_screenful(HistorySource& source, Query query, OperationWriter& writer, Environment& environment) {
    query.newest = terminal_rows + 1;
    std::vector<Operation> operations;
    source.find(query, [&](const Operation& operation) {
        operations.push_back(operation);
        return true;
    });
    const bool more = operations.size() > terminal_rows;
    if (more) {
        operations.erase(query.newest_first ? operations.end() - 1 : operations.begin());
    }
    bool open = true;
    for (const Operation& operation : operations) {
        open = open && writer.write(operation);
    }
    open = open && writer.finish();
    if (more && open) {
        environment.write_error("These are the newest " + std::to_string(terminal_rows) +
                                "; there are more. -n N shows N of them, -o csv or jsonl gives all.\n");
    }
    return operations.size();
}

/// Of an answer in the order of ending, `reached` is how far it was written.
std::size_t write_all(HistorySource& source, const Query& query, OperationWriter& writer, Reached& reached) {
    std::size_t count = 0;
    bool open = true;
    std::int64_t last = query.from ? query.from->number - 1 : 0; ///< place of what was written
    reached = source.find(query, [&](const Operation& operation) {
        last = ++count == 1 ? operation.place - 1 : last;
        open = writer.write(operation);
        last = open && writer.waiting() == 0 ? operation.place : last;
        return open;
    });
    open = open && writer.finish();
    if (!open && query.by_ending) {
        Query where; // the end of what was cut short did not tell
        where.by_ending = true;
        where.newest = 1;
        reached = source.find(where, [](const Operation&) { return true; });
        reached.place.number = last;
    }
    return count;
}

/// With a cursor, or to follow, what has been shown must be told from what has not: the order of ending can.
void order_by_ending(const HistoryOptions& options, Query& query) {
    if (!options.follow && !uses_cursor(options)) {
        return;
    }
    if (options.reverse) {
        throw UsageError("--reverse does not go with -f or a cursor: what ended first is shown first.");
    }
    query.by_ending = true;
    query.from = first_place(options);
    if (query.from && query.newest) {
        query.first = std::exchange(query.newest, std::nullopt);
    }
}

/// JSON and CSV are for programs: what is no part of them goes elsewhere.
void keep_cursor(const HistoryOptions& options, const Place& place, Environment& environment) {
    if (options.cursor_file) {
        write_cursor_file(*options.cursor_file, place);
    }
    if (options.show_cursor) {
        const std::string line = "-- cursor: " + cursor_text(place) + "\n";
        const Format format = format_of(options);
        if (format == Format::table || format == Format::one_line || format == Format::verbose) {
            (void)environment.write_out(line); // the last
        } else {
            environment.write_error(line);
        }
    }
}

bool has_filter(const Query& q) {
    const auto set = [](const auto&... lists) { return (!lists.empty() || ...); };
    return q.since || q.until || q.from ||
           set(q.ids, q.users, q.remotes, q.servers, q.shares, q.drives, q.programs, q.providers, q.tags, q.rules,
               q.texts, q.fields, q.pids, q.sessions, q.session_types, q.actions, q.outcomes, q.errors, q.sources,
               q.decisions);
}

} // namespace

ExitCode run_history(const HistoryOptions& options, Environment& environment) {
    if (options.disk_usage) {
        return run_disk_usage(options.database, environment);
    }
    Query query = query_of(options, environment.now(), environment.zone());
    const Format format = format_of(options);
    order_by_ending(options, query);
    const Terminal terminal = environment.terminal();
    auto writer = operation_writer(format, style_of(options, format), terminal, environment);
    if (options.raw) {
        writer = make_notification_writer(std::move(writer));
    }
    const auto source = environment.open_history(options.database);
    if (options.follow) {
        return follow_history(options, std::move(query), *source, *writer, environment);
    }
    const bool screenful = format == Format::table && terminal.is_terminal && !query.newest && !query.by_ending;
    Reached reached;
    const std::size_t count =
        screenful ? write_screenful(*source, query, *writer, environment) : write_all(*source, query, *writer, reached);
    if (query.by_ending) {
        check_reached(reached);
        keep_cursor(options, reached.place, environment);
    }
    if (count != 0) {
        return ExitCode::ok;
    }
    environment.write_error(
        has_filter(query) ? "Nothing matches. Ask for more: a longer time (-S -7d), fewer filters, or * in them.\n"
                          : "Nothing is recorded yet. `maptrail status` shows whether MapTrail is listening.\n");
    return ExitCode::nothing;
}

} // namespace maptrail
