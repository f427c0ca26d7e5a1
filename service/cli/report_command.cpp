#include "service/cli/report_command.hpp"

#include "service/cli/files.hpp"
#include "service/cli/progress.hpp"
#include "service/cli/rules_words.hpp"
#include "service/cli/usage_error.hpp"
#include "service/format/words.hpp"
#include "service/report/report_page.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace maptrail {
namespace {

constexpr const char* report_notes = R"(Examples:
  maptrail report --html week.html -S -7d        for whoever has no MapTrail: any browser shows it
  maptrail report --html jane.html --user CORP\jane -S 2026-01-01
  maptrail report --html - --db D:\copy\history.db > all.html

One file that needs no network. It has counts of all that fits, and lists the newest operations; what it holds is what
the history tells you, so send it only to those who may see that.
Exit code: 0 written, 1 nothing matched (nothing is written), 2 usage, 3 the service does not answer.)";

constexpr std::uint64_t most_listed = 1'000'000; ///< more than a browser bears

std::vector<std::string> filters_of(const HistoryOptions& scope) {
    std::vector<std::string> filters;
    const auto add = [&](const char* word, const std::string& value) { filters.push_back(word + value); };
    if (scope.since) {
        add("since ", *scope.since);
    }
    if (scope.until) {
        add("until ", *scope.until);
    }
    for (const auto& [word, values] : {std::pair("user ", &scope.users), std::pair("remote ", &scope.remotes),
                                       std::pair("server ", &scope.servers), std::pair("share ", &scope.shares),
                                       std::pair("drive ", &scope.drives), std::pair("program ", &scope.programs)}) {
        for (const std::string& value : *values) {
            add(word, value);
        }
    }
    return filters;
}

} // namespace

void add_report_options(CLI::App& command, ReportOptions& options) {
    command.add_option("--html", options.file, "Write the page there; - is standard output")
        ->type_name("FILE")
        ->required();
    command.add_option("--title", options.title, "What stands above it")->type_name("TEXT");
    command.add_option("--rows", options.rows, "List the newest N one by one (100000)")->type_name("N");
    add_scope_options(command, options.scope);
    command.footer(report_notes);
}

ExitCode run_report(const ReportOptions& options, Environment& environment) {
    const auto rows = number_of(options.rows, most_listed);
    if (!rows) {
        throw UsageError("--rows: \"" + options.rows + "\" is not understood. Accepted: a number to 1000000.");
    }
    HistoryOptions scope = options.scope;
    scope.reverse = true;
    const Query query = query_of(scope, environment.now(), environment.zone());
    const auto source = environment.open_history(options.scope.database);
    ReportData data(environment.zone(), static_cast<std::size_t>(*rows));
    ProgressLine progress(environment);
    ReportHead head;
    source->find(query, [&](const Operation& operation) {
        data.add(operation);
        head.host = head.host.empty() ? operation.host : head.host;
        progress.tell(data.totals().total);
        return true;
    });
    progress.clear();
    if (data.totals().total == 0 && data.losses() == 0) {
        environment.write_error(
            "Nothing matches, so there is no report. Ask for more: a longer time, fewer filters.\n");
        return ExitCode::nothing;
    }
    head.title = options.title;
    head.made = environment.now();
    head.filters = filters_of(scope);
    const std::string page = report_page(head, data, environment.zone());
    if (options.file == "-") {
        (void)environment.write_out(page);
    } else {
        NewFile file(path_of_utf8(options.file));
        file.write(page);
        file.finish();
        environment.write_error("Written: " + options.file + ", " + counted(data.totals().total, "operation") + "\n");
    }
    return ExitCode::ok;
}

} // namespace maptrail
