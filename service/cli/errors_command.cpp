#include "service/cli/errors_command.hpp"

#include "common/model/windows_error.hpp"
#include "service/answers/error_help.hpp"
#include "service/answers/error_tally.hpp"
#include "service/cli/answer_output.hpp"
#include "service/cli/progress.hpp"
#include "service/cli/rules_words.hpp"
#include "service/cli/usage_error.hpp"
#include "service/format/csv_text.hpp"
#include "service/format/ecs_json.hpp"
#include "service/format/text_table.hpp"
#include "service/format/words.hpp"
#include "service/text/wrap.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>

namespace maptrail {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* errors_notes = R"(Examples:
  maptrail errors -S -7d                        what failed in the last week, why, and what usually helps
  maptrail errors --user CORP\jane --examples 5
  maptrail errors --remote \\files\* -o csv > errors.csv

What a rule denied is no failure: `maptrail stats --by rule --failed` counts that.
Exit code: 0 something failed, 1 nothing did, 2 usage, 3 the service does not answer.)";

constexpr std::uint64_t most_error_examples = 100;

std::string_view meaning_of(std::uint32_t code) {
    const ErrorHelp* const help = error_help(code);
    return help != nullptr ? help->meaning : error_text(code);
}

std::string_view remedy_of(std::uint32_t code) {
    const ErrorHelp* const help = error_help(code);
    return help != nullptr ? help->remedy : std::string_view();
}

std::string errors_table(const std::vector<ErrorRow>& rows, const Screen& screen) {
    TextTable table;
    table.columns = {number_column("FAILED"), text_column("FIRST", 1), text_column("LAST"), number_column("CODE"),
                     flexible_column("ERROR", 12)};
    for (const ErrorRow& row : rows) {
        table.rows.push_back({{std::to_string(row.count), colour_bad},
                              {screen.time(row.first)},
                              {screen.time(row.last)},
                              {std::to_string(row.code)},
                              {std::string(error_name(row.code))}});
    }
    return table.text(screen.width, screen.colour);
}

std::string explanation(const ErrorRow& row, const Screen& screen) {
    const std::string title = status_text(row.code);
    const std::string_view meaning = meaning_of(row.code);
    std::string text = "\n" + (screen.colour ? "\x1b[1m" + title + "\x1b[0m" : title) + "\n";
    text += wrapped(meaning.empty() ? "Windows' documentation of network errors does not have it." : meaning, 2,
                    screen.width);
    const std::string_view remedy = remedy_of(row.code);
    text += remedy.empty() ? "" : wrapped("Usual remedy: " + std::string(remedy), 2, screen.width);
    for (const Operation& example : row.examples) {
        text += wrapped("Seen: " + operation_line(example, screen.zone), 2, screen.width);
    }
    return text;
}

Json errors_json(const ErrorTally& tally, const std::vector<ErrorRow>& rows) {
    Json json{{"failures", tally.failures()}, {"denied", tally.denied()}, {"others", tally.others()}};
    json["errors"] = Json::array();
    for (const ErrorRow& row : rows) {
        Json one{{"code", row.code},
                 {"name", error_name(row.code)},
                 {"message", error_text(row.code)},
                 {"meaning", meaning_of(row.code)},
                 {"remedy", remedy_of(row.code)},
                 {"count", row.count},
                 {"first", iso_utc(row.first)},
                 {"last", iso_utc(row.last)}};
        one["examples"] = Json::array();
        for (const Operation& example : row.examples) {
            one["examples"].push_back(operation_to_json(example));
        }
        json["errors"].push_back(std::move(one));
    }
    return json;
}

std::string errors_csv(const std::vector<ErrorRow>& rows, bool for_terminal) {
    std::string text = csv_line({"code", "name", "count", "first", "last", "meaning", "remedy"}, for_terminal);
    for (const ErrorRow& row : rows) {
        text += csv_line({std::to_string(row.code), std::string(error_name(row.code)), std::to_string(row.count),
                          iso_utc(row.first), iso_utc(row.last), std::string(meaning_of(row.code)),
                          std::string(remedy_of(row.code))},
                         for_terminal);
    }
    return text;
}

std::string errors_text(const ErrorTally& tally, const std::vector<ErrorRow>& rows, const Screen& screen) {
    std::string text = rows.empty() ? std::string() : errors_table(rows, screen);
    for (const ErrorRow& row : rows) {
        text += explanation(row, screen);
    }
    if (tally.denied() != 0) {
        text +=
            (rows.empty() ? "" : "\n") + wrapped("Denied by MapTrail itself: " + counted(tally.denied(), "operation") +
                                                     "; `maptrail stats --by rule --failed` tells by which rules.",
                                                 0, screen.width);
    }
    return text;
}

} // namespace

void add_errors_options(CLI::App& command, ErrorsOptions& options) {
    add_scope_options(command, options.scope);
    command.add_option("--examples", options.examples, "Operations shown of each error, the newest (1)")
        ->type_name("N");
    add_answer_options(command, options.format, options.most, "The N most frequent");
    command.footer(errors_notes);
}

ExitCode run_errors(const ErrorsOptions& options, Environment& environment) {
    const AnswerFormat format = answer_format_of(options.format);
    const auto most = most_rows_of(options.most);
    const auto examples = number_of(options.examples, most_error_examples);
    if (!examples) {
        throw UsageError("--examples: \"" + options.examples + "\" is not understood. Accepted: a number to 100.");
    }
    Query query = query_of(options.scope, environment.now(), environment.zone());
    query.actions = {Action::connect, Action::disconnect};
    query.outcomes = {Outcome::failure, Outcome::denied};
    query.newest_first = true; // the examples are the newest then
    const auto source = environment.open_history(options.scope.database);
    ErrorTally tally(static_cast<std::size_t>(*examples));
    std::uint64_t read = 0;
    ProgressLine progress(environment);
    source->find(query, [&](const Operation& operation) {
        tally.add(operation);
        progress.tell(++read);
        return true;
    });
    progress.clear();
    const Screen screen(environment);
    std::vector<ErrorRow> rows = tally.rows();
    rows.resize(std::min(rows.size(), most.value_or(rows.size())));
    (void)environment.write_out(format == AnswerFormat::json  ? json_pretty(errors_json(tally, rows)) + "\n"
                                : format == AnswerFormat::csv ? errors_csv(rows, screen.width.has_value())
                                                              : errors_text(tally, rows, screen));
    if (tally.failures() == 0) {
        environment.write_error("Nothing failed, as far as is recorded and asked for.\n");
        return ExitCode::nothing;
    }
    return ExitCode::ok;
}

} // namespace maptrail
