#include "service/cli/history_command.hpp"

#include "service/cli/operation_output.hpp"

#include <vector>

namespace maptrail {
namespace {

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

std::size_t write_all(HistorySource& source, const Query& query, OperationWriter& writer) {
    std::size_t count = 0;
    bool open = true;
    source.find(query, [&](const Operation& operation) {
        ++count;
        open = writer.write(operation);
        return open;
    });
    if (open) {
        (void)writer.finish(); // the last text: nothing is left to stop
    }
    return count;
}

bool has_filter(const Query& q) {
    return !q.ids.empty() || q.since || q.until || !q.users.empty() || !q.remotes.empty() || !q.drives.empty() ||
           !q.programs.empty() || !q.pids.empty() || !q.actions.empty() || !q.outcomes.empty() || !q.errors.empty();
}

} // namespace

ExitCode run_history(const HistoryOptions& options, Environment& environment) {
    const Query query = query_of(options, environment.now(), environment.zone());
    const Format format = format_of(options);
    const auto source = environment.open_history(options.database);
    const Terminal terminal = environment.terminal();
    const auto writer = operation_writer(format, terminal, environment);
    const bool screenful = format == Format::table && terminal.is_terminal && !query.newest;
    const std::size_t count =
        screenful ? write_screenful(*source, query, *writer, environment) : write_all(*source, query, *writer);
    if (count != 0) {
        return ExitCode::ok;
    }
    environment.write_error(
        has_filter(query) ? "Nothing matches. Ask for more: a longer time (-S -7d), fewer filters, or * in them.\n"
                          : "Nothing is recorded yet. `maptrail status` shows whether MapTrail is listening.\n");
    return ExitCode::nothing;
}

} // namespace maptrail
