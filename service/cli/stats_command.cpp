#include "service/cli/stats_command.hpp"

#include "service/answers/tally.hpp"
#include "service/cli/answer_output.hpp"
#include "service/cli/history_command.hpp"
#include "service/cli/progress.hpp"
#include "service/cli/rules_words.hpp"
#include "service/cli/usage_error.hpp"
#include "service/format/csv_text.hpp"
#include "service/format/ecs_json.hpp"
#include "service/format/text_table.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>

namespace maptrail {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* stats_notes = R"(Examples:
  maptrail stats                                who connects most
  maptrail stats --by share -S -30d             which shares are used, and when last
  maptrail stats --by server --failed -S today  what cannot be reached
  maptrail stats --by hour --failed -S -2d      when it went wrong
  maptrail stats --by rule -o csv > rules.csv

An operation that several rules matched counts at each of them. "hour" is each hour of the time asked for, by local
time; the rest is sorted by count.
Exit code: 0 counted, 1 nothing matched, 2 usage, 3 the service does not answer.)";

/// The rows that are shown, and what is not.
struct ShownRows {
    std::vector<TallyRow> rows;
    std::size_t left_out = 0;
};

/// Of hours the latest are kept, else the most frequent.
ShownRows shown_rows(const Tally& tally, TallyBy by, std::optional<std::size_t> most) {
    ShownRows shown{tally.rows(), 0};
    if (most && shown.rows.size() > *most) {
        shown.left_out = shown.rows.size() - *most;
        const auto from =
            by == TallyBy::hour ? shown.rows.begin() : shown.rows.end() - static_cast<std::ptrdiff_t>(shown.left_out);
        shown.rows.erase(from, from + static_cast<std::ptrdiff_t>(shown.left_out));
    }
    return shown;
}

std::string title_of(TallyBy by) {
    std::string title(word_of(by));
    std::ranges::transform(title, title.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    return title;
}

std::string count_cell(std::uint64_t count) {
    return count == 0 ? std::string() : std::to_string(count);
}

std::string stats_table(const std::vector<TallyRow>& rows, TallyBy by, const Screen& screen) {
    TextTable table;
    table.columns = {number_column("TOTAL"),           number_column("SUCCESS", 3), number_column("FAILED"),
                     number_column("DENIED", 4),       number_column("UNKNOWN", 1), text_column("LAST", 2),
                     flexible_column(title_of(by), 12)};
    for (const TallyRow& row : rows) {
        const TallyCounts& counts = row.counts;
        table.rows.push_back({{count_cell(counts.total)},
                              {count_cell(counts.success)},
                              {count_cell(counts.failure), counts.failure != 0 ? colour_bad : ""},
                              {count_cell(counts.denied), counts.denied != 0 ? colour_denied : ""},
                              {count_cell(counts.unknown)},
                              {screen.time(counts.last)},
                              {row.name}});
    }
    return table.text(screen.width, screen.colour);
}

Json tally_json(const TallyCounts& counts) {
    Json json{{"total", counts.total},
              {"success", counts.success},
              {"failure", counts.failure},
              {"denied", counts.denied},
              {"unknown", counts.unknown}};
    if (counts.total != 0) {
        json["first"] = iso_utc(counts.first);
        json["last"] = iso_utc(counts.last);
    }
    return json;
}

std::string stats_json(const Tally& tally, const ShownRows& shown, TallyBy by) {
    Json json{{"by", word_of(by)}, {"total", tally_json(tally.total())}};
    json["rows"] = Json::array();
    for (const TallyRow& row : shown.rows) {
        Json one{{"name", row.name}};
        one.update(tally_json(row.counts));
        json["rows"].push_back(std::move(one));
    }
    json["left_out"] = shown.left_out;
    json["others"] = tally_json(tally.others());
    return json_pretty(json) + "\n";
}

std::string stats_csv(const std::vector<TallyRow>& rows, TallyBy by, bool for_terminal) {
    std::string text = csv_line(
        {std::string(word_of(by)), "total", "success", "failure", "denied", "unknown", "first", "last"}, for_terminal);
    for (const TallyRow& row : rows) {
        const TallyCounts& counts = row.counts;
        text += csv_line({row.name, std::to_string(counts.total), std::to_string(counts.success),
                          std::to_string(counts.failure), std::to_string(counts.denied), std::to_string(counts.unknown),
                          iso_utc(counts.first), iso_utc(counts.last)},
                         for_terminal);
    }
    return text;
}

Query stats_query(const StatsOptions& options, Environment& environment) {
    Query query = query_of(options.scope, environment.now(), environment.zone());
    query.actions = {Action::connect, Action::disconnect};
    if (options.failed) {
        query.outcomes = {Outcome::failure, Outcome::denied};
    }
    return query;
}

} // namespace

void add_stats_options(CLI::App& command, StatsOptions& options) {
    command.add_option("--by", options.by, "user (the default), server, share, exe, error, rule or hour")
        ->type_name("WHAT");
    command.add_flag("--failed", options.failed, "Only what failed or was denied");
    add_scope_options(command, options.scope);
    add_answer_options(command, options.format, options.most, "The N most frequent; of hours the latest");
    command.footer(stats_notes);
}

ExitCode run_stats(const StatsOptions& options, Environment& environment) {
    const auto by = tally_by(options.by);
    if (!by) {
        throw UsageError("--by: \"" + options.by +
                         "\" is not understood. Accepted: user, server, share, exe, error, rule, hour.");
    }
    const AnswerFormat format = answer_format_of(options.format);
    std::optional<std::size_t> most = most_rows_of(options.most);
    const Query query = stats_query(options, environment);
    const auto source = environment.open_history(options.scope.database);
    Tally tally(*by, environment.zone());
    ProgressLine progress(environment);
    source->find(query, [&](const Operation& operation) {
        tally.add(operation);
        progress.tell(tally.total().total);
        return true;
    });
    progress.clear();
    const Screen screen(environment);
    const bool screenful = format == AnswerFormat::table && screen.width && !most;
    const ShownRows shown = shown_rows(tally, *by, screenful ? terminal_rows : most);
    const bool empty = tally.total().total == 0;
    if (format == AnswerFormat::json) {
        (void)environment.write_out(stats_json(tally, shown, *by));
    } else if (format == AnswerFormat::csv) {
        (void)environment.write_out(stats_csv(shown.rows, *by, screen.width.has_value()));
    } else if (!empty) {
        (void)environment.write_out(stats_table(shown.rows, *by, screen));
    }
    if (empty) {
        environment.write_error("Nothing matches. Ask for more: a longer time (-S -30d), fewer filters.\n");
        return ExitCode::nothing;
    }
    if (screenful && shown.left_out != 0) {
        environment.write_error(counted(shown.left_out, "row") + " more. -n N shows N, -o csv or json gives all.\n");
    }
    if (tally.others().total != 0) {
        environment.write_error(counted(tally.others().total, "operation") +
                                " not shown: there are too many different names. Ask for a shorter time.\n");
    }
    return ExitCode::ok;
}

} // namespace maptrail
