#include "service/cli/import_command.hpp"

#include "service/cli/files.hpp"
#include "service/cli/line_reader.hpp"
#include "service/cli/progress.hpp"
#include "service/cli/rules_words.hpp"
#include "service/format/ecs_json.hpp"
#include "service/store/import.hpp"
#include "service/text/text.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

namespace maptrail {
namespace {

constexpr const char* import_notes = R"(Examples:
  maptrail import pc17.jsonl pc18.jsonl --db all.db     the histories of two machines in one database
  maptrail history --db all.db --user CORP\jane
  maptrail stats --db all.db --by server --failed

The database is made if it is not there. What it has already is passed over, so a file may be imported again. The history
of a service takes nothing that the service did not see. A line that is no operation is told and passed over.
Exit code: 0 all is there, 1 some lines are not, 2 usage.)";

constexpr std::size_t operations_at_once = 2'000;
constexpr std::size_t bytes_at_once = 16U << 20U; ///< of lines
constexpr std::size_t longest_line = 1U << 20U;
constexpr std::uint64_t most_told = 10; ///< lines that are wrong

class Import {
public:
    Import(const std::string& database, Environment& environment)
        : environment_(environment), progress_(environment),
          history_(path_of_utf8(database), [&environment] { return environment.now(); }) {}

    void read(std::istream& in, const std::string& name) {
        LineReader lines(in, longest_line);
        while (lines.next()) {
            Operation operation;
            if (lines.line().find_first_not_of(" \t") == std::string_view::npos && !lines.too_long()) {
                continue;
            }
            if (lines.too_long()) {
                wrong(name, lines.number(), "is longer than 1 MiB");
            } else if (operation_from_json(nlohmann::json::parse(lines.line(), nullptr, false), operation)) {
                batch_.push_back(std::move(operation));
                batch_bytes_ += lines.line().size();
                progress_.tell(++read_);
                if (batch_.size() == operations_at_once || batch_bytes_ > bytes_at_once) {
                    store();
                }
            } else {
                wrong(name, lines.number(),
                      "is no operation as `maptrail export` or `history -o jsonl` writes it, with all its fields");
            }
        }
        if (in.bad()) {
            stop_at("cannot read " + name + " any further");
        }
    }

    /// What came before is imported all the same.
    [[noreturn]] void stop_at(const std::string& what) {
        finish();
        throw CannotDo(what + "; what came before is imported");
    }

    void finish() {
        store();
        progress_.clear();
    }

    [[nodiscard]] std::uint64_t wrong_lines() const { return wrong_; }
    [[nodiscard]] const ImportCounts& counts() const { return history_.counts(); }

private:
    void store() {
        history_.add(batch_);
        batch_.clear();
        batch_bytes_ = 0;
    }

    void wrong(const std::string& name, std::uint64_t number, const char* what) {
        if (++wrong_ <= most_told) {
            progress_.clear();
            environment_.write_error(printable(name) + ":" + std::to_string(number) + ": the line " + what + "\n");
        }
    }

    Environment& environment_;
    ProgressLine progress_;
    HistoryImport history_;
    std::vector<Operation> batch_;
    std::size_t batch_bytes_ = 0;
    std::uint64_t read_ = 0;
    std::uint64_t wrong_ = 0;
};

} // namespace

void add_import_options(CLI::App& command, ImportOptions& options) {
    command.add_option("FILE", options.files, "JSON lines, as export writes them; - is standard input")
        ->type_name("")
        ->required();
    command.add_option("--db", options.database, "The database that they go into")->type_name("FILE")->required();
    command.footer(import_notes);
}

ExitCode run_import(const ImportOptions& options, Environment& environment) {
    for (const std::string& name : options.files) { // before anything is made
        if (std::error_code error; name != "-" && !std::filesystem::is_regular_file(path_of_utf8(name), error)) {
            throw CannotDo("there is no file " + name + ". Nothing was imported.");
        }
    }
    try {
        Import import(options.database, environment);
        for (const std::string& name : options.files) {
            if (name == "-") {
                import.read(std::cin, "standard input");
                continue;
            }
            std::ifstream in(path_of_utf8(name), std::ios::binary);
            if (!in) {
                import.stop_at("cannot read " + name);
            }
            import.read(in, name);
        }
        import.finish();
        const ImportCounts& counts = import.counts();
        (void)environment.write_out(
            counted(counts.added, "operation") + " imported" +
            (counts.completed != 0 ? ", " + std::to_string(counts.completed) + " completed" : "") +
            (counts.known != 0 ? ", " + std::to_string(counts.known) + " there already" : "") + "\n");
        if (import.wrong_lines() != 0) {
            environment.write_error(counted(import.wrong_lines(), "line") +
                                    (import.wrong_lines() == 1 ? " is" : " are") + " not imported\n");
            return ExitCode::nothing;
        }
        return ExitCode::ok;
    } catch (const StoreError& error) {
        throw Failed(error.what());
    }
}

} // namespace maptrail
