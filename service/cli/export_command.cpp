#include "service/cli/export_command.hpp"

#include "service/cli/files.hpp"
#include "service/cli/progress.hpp"
#include "service/cli/rules_words.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <optional>

namespace maptrail {
namespace {

constexpr const char* export_notes = R"(Examples:
  maptrail export history.jsonl                  all that you may see
  maptrail export week.jsonl -S -7d --user CORP\jane
  maptrail export - --db D:\copy\history.db | jq .user.name

One operation to a line, as `history -o jsonl` has it, and beside that the notifications it is made of, by which `import`
knows one that it has. The sets of groups and the configurations that judged are not in it: `backup` copies all.
Exit code: 0 written, 1 nothing matched (nothing is written), 2 usage, 3 the service does not answer.)";

constexpr std::size_t written_at_once = 65'536;

} // namespace

void add_export_options(CLI::App& command, ExportOptions& options) {
    command.add_option("FILE", options.file, "Write there; - is standard output")->type_name("")->required();
    add_scope_options(command, options.scope);
    command.footer(export_notes);
}

ExitCode run_export(const ExportOptions& options, Environment& environment) {
    Query query = query_of(options.scope, environment.now(), environment.zone());
    query.notifications = true;
    const auto source = environment.open_history(options.scope.database);
    std::optional<NewFile> file;
    if (options.file != "-") {
        file.emplace(path_of_utf8(options.file));
    }
    std::string waiting;
    bool open = true;
    const auto write = [&] {
        if (file) {
            file->write(waiting);
        } else {
            open = open && environment.write_out(waiting);
        }
        waiting.clear();
        return open;
    };
    const auto writer = make_jsonl_writer([&](std::string_view text) {
        waiting += text;
        return waiting.size() < written_at_once || write();
    });
    ProgressLine progress(environment);
    std::uint64_t count = 0;
    source->find(query, [&](const Operation& operation) {
        progress.tell(++count);
        return writer->write(operation);
    });
    open = open && writer->finish() && write();
    progress.clear();
    if (count == 0) {
        environment.write_error(
            "Nothing matches, so nothing is written. Ask for more: a longer time, fewer filters.\n");
        return ExitCode::nothing;
    }
    if (file) {
        file->finish();
        environment.write_error("Written: " + options.file + ", " + counted(count, "operation") + "\n");
    }
    return ExitCode::ok;
}

} // namespace maptrail
