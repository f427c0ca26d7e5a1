#include "service/cli/verify_command.hpp"

#include "service/cli/files.hpp"
#include "service/cli/progress.hpp"
#include "service/cli/rules_words.hpp"
#include "service/cli/usage_error.hpp"
#include "service/cli/verify_report.hpp"
#include "service/format/ecs_json.hpp"
#include "service/store/store.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace maptrail {
namespace {

constexpr const char* verify_notes = R"(Examples:
  maptrail verify                                the history of this machine; as an administrator
  maptrail verify --head 4711:9F3C...            and whether all is there that was when this head was told
  maptrail verify --db D:\copy\history.db -o json

The service writes the head of the history to its log and to the Event Log (id 103) every hour and when it stops.
Without one that was kept elsewhere, nobody can tell that the newest records were removed, or everything replaced.
Exit code: 0 everything fits, 1 something does not, 2 usage, 3 the history can't be read.)";

std::optional<ChainHead> kept_head_of(const VerifyOptions& options) {
    if (!options.head) {
        return std::nullopt;
    }
    const auto head = head_from_text(*options.head);
    if (!head) {
        throw UsageError("--head: \"" + *options.head +
                         "\" is not understood. Accepted: NUMBER:HASH as the log has it, or the 64 hexadecimal "
                         "digits of the hash alone.");
    }
    return head;
}

std::string verify_progress(std::uint64_t done, std::uint64_t total, double seconds) {
    const std::uint64_t percent = total == 0 ? 100 : done * 100 / total;
    std::string text = std::to_string(percent) + " % of " + std::to_string(total) + " entries";
    if (seconds > 0) {
        text += ", " + std::to_string(static_cast<std::uint64_t>(static_cast<double>(done) / seconds)) + " a second";
    }
    return text;
}

} // namespace

void add_verify_options(CLI::App& command, VerifyOptions& options) {
    command
        .add_option("--head", options.head, "A head that the log or the Event Log told, and that was kept elsewhere")
        ->type_name("HEAD");
    command.add_option("--db", options.database, "Verify this copied database")->type_name("FILE");
    command.add_option("-o,--output", options.format, "text (the default) or json")->type_name("FORMAT");
    command.footer(verify_notes);
}

ExitCode run_verify(const VerifyOptions& options, Environment& environment) {
    const RulesFormat format = rules_format_of(options.format, "text");
    const auto kept_head = kept_head_of(options);
    const auto file = history_file(options.database, environment);
    if (!file) {
        return ExitCode::usage;
    }
    ProgressLine progress(environment);
    const auto start = std::chrono::steady_clock::now();
    try {
        const Verification result = verify_history(*file, kept_head, [&](std::uint64_t done, std::uint64_t total) {
            const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
            progress.say(verify_progress(done, total, time.count()));
        });
        progress.clear();
        (void)environment.write_out(format == RulesFormat::json ? json_pretty(verify_json(result)) + "\n"
                                                                : verify_text(result, environment.zone()));
        return result.fits() ? ExitCode::ok : ExitCode::nothing;
    } catch (const StoreError& error) {
        progress.clear();
        environment.write_error(history_failure(error, options.database.has_value()));
        return ExitCode::unreachable;
    }
}

} // namespace maptrail
