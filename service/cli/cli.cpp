#include "service/cli/cli.hpp"

#include "maptrail_version.h"
#include "service/cli/backup_command.hpp"
#include "service/cli/config_command.hpp"
#include "service/cli/cursor.hpp"
#include "service/cli/errors_command.hpp"
#include "service/cli/exit_code.hpp"
#include "service/cli/export_command.hpp"
#include "service/cli/history_command.hpp"
#include "service/cli/import_command.hpp"
#include "service/cli/report_command.hpp"
#include "service/cli/rules_explain.hpp"
#include "service/cli/rules_list.hpp"
#include "service/cli/rules_replay.hpp"
#include "service/cli/rules_test.hpp"
#include "service/cli/state_command.hpp"
#include "service/cli/stats_command.hpp"
#include "service/cli/status_command.hpp"
#include "service/cli/usage_error.hpp"
#include "service/cli/vacuum_command.hpp"
#include "service/cli/verify_command.hpp"
#include "service/cli/why_command.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <sstream>

namespace maptrail {
namespace {

constexpr const char* main_examples = R"(Examples:
  maptrail history                     who connected what, when, from which program, with what result
  maptrail history -S today --drive Z
  maptrail history --help              all filters and formats
  maptrail why Z:                      what became of Z:, in plain words
  maptrail state                       what is connected, and how it came to be
  maptrail errors -S today             what failed, what that means and what usually helps
  maptrail stats --by server --failed  which servers fail most
  maptrail report --html week.html -S -7d
  maptrail status                      whether MapTrail runs and is registered
  maptrail verify                      whether the history is what was recorded
  maptrail backup E:\history.db        a copy, while the service runs
  maptrail config check                whether the configuration is good
  maptrail rules replay -S 7d          what its rules would have done in the last week
  maptrail help service

Exit code: 0 found or done, 1 nothing matched or not done, 2 usage, 3 the service does not answer.)";

constexpr const char* rules_notes = R"(Examples:
  maptrail rules list                  in the order in which they are judged
  maptrail rules test --remote \\nas\home --user CORP\jane
  maptrail rules replay -S 7d --config D:\new.json
  maptrail rules explain 4711          why this operation got its verdict

`maptrail help rules test` has all options of one. None of them connects or changes anything.)";

constexpr const char* status_notes = R"(Example:
  maptrail status -o json

"Others listening" names the other programs that are registered to hear of connections. Anything may add itself there.
Exit code: 0 all is well, 1 the registration is wrong, 3 the service does not answer.)";

constexpr const char* config_notes = R"(Examples:
  maptrail config check                the file that the service reads
  maptrail config check D:\new.json    one that is to be tried first
  maptrail config show -o json         every key with its value, rules as they were understood
  maptrail config schema > config.schema.json
  maptrail config reload               at once, rather than within some seconds of a change

A mistake is told as file:line:column: key: what was found and what was expected.
Exit code: 0 the file is good, 2 it has a mistake or cannot be read.)";

constexpr const char* service_notes = R"(Examples:
  maptrail service start
  maptrail service run --console       in the foreground, until Ctrl+C

The MSI installs the service and registers the DLL. `service install` makes the service alone, for developers; it
registers no DLL, so nothing is recorded until something else did. All but run need an administrator.)";

/// The command line's tree and what was typed into it.
class CommandLine {
public:
    CommandLine() {
        app_.set_version_flag("--version", "maptrail " MAPTRAIL_VERSION);
        app_.require_subcommand(1);
        app_.footer(main_examples);
        prepare(app_);

        CLI::App& history = add(app_, "history", "Show recorded connections and disconnections");
        add_history_options(history, history_);
        add_action(history, [this](Environment& environment) { return run_history(history_, environment); });

        add_answers();

        CLI::App& status = add(app_, "status", "Show whether MapTrail runs, is registered, and what it counted");
        status.add_option("-o,--output", status_.format, "text (the default) or json")->type_name("FORMAT");
        status.footer(status_notes);
        add_action(status, [this](Environment& environment) { return run_status(status_, environment); });

        add_keeping();

        CLI::App& verify = add(app_, "verify", "Prove that nobody changed the history behind MapTrail's back");
        add_verify_options(verify, verify_);
        add_action(verify, [this](Environment& environment) { return run_verify(verify_, environment); });

        CLI::App& config = add(app_, "config", "Check and show the configuration");
        config.require_subcommand(1);
        config.footer(config_notes);
        CLI::App& check = add(config, "check", "Say whether a configuration is good, or where its mistake is");
        add_config_file(check);
        add_action(check, [this](Environment& environment) { return run_config_check(config_, environment); });
        CLI::App& show = add(config, "show", "Show the configuration with all defaults, and the rules");
        add_config_file(show);
        show.add_option("-o,--output", config_.format, "text (the default) or json")->type_name("FORMAT");
        add_action(show, [this](Environment& environment) { return run_config_show(config_, environment); });
        add_action(add(config, "schema", "Print the JSON Schema of config.json, for editors"), run_config_schema);
        add_action(add(config, "reload", "Have the service take its configuration now"), run_config_reload);

        add_rules_commands();

        CLI::App& service = add(app_, "service", "Run and control the service");
        service.require_subcommand(1);
        service.footer(service_notes);
        CLI::App& run = add(service, "run", "Be the service: the service control manager calls this");
        run.add_flag("--console", run_.console, "In the foreground, until Ctrl+C");
        run.add_option("--data", run_.data_folder, "The folder of config.json, if not the usual one")
            ->type_name("FOLDER");
        add_action(run, [this](Environment& environment) {
            run_result_ = environment.run_service(run_);
            return ExitCode::ok;
        });
        add_verb(service, ServiceVerb::install, "install", "Make the service (not the DLL's registration)");
        add_verb(service, ServiceVerb::uninstall, "uninstall", "Stop and remove the service");
        add_verb(service, ServiceVerb::start, "start", "Start the service and wait until it runs");
        add_verb(service, ServiceVerb::stop, "stop", "Stop the service and wait until it has stopped");

        add_action(add(app_, "version", "Show the version"), [](Environment& environment) {
            (void)environment.write_out("maptrail " MAPTRAIL_VERSION "\n");
            return ExitCode::ok;
        });
        add(app_, "help", "Show this, or help on a command: maptrail help history");
    }

    [[nodiscard]] std::vector<ManualPage> pages() const { return manual_pages(app_); }

    int run(std::vector<std::string> args, Environment& environment) {
        if (!args.empty() && args.front() == "help") {
            std::rotate(args.begin(), args.begin() + 1, args.end());
            args.back() = "--help";
        }
        if (args.empty()) {
            environment.write_error(app_.help());
            return static_cast<int>(ExitCode::usage);
        }
        std::ranges::reverse(args); // as CLI11 wants it
        try {
            app_.parse(std::move(args));
        } catch (const CLI::ParseError& error) {
            return finish(error, environment);
        }
        for (const auto& [command, action] : actions_) {
            if (command->parsed()) {
                const ExitCode code = action(environment);
                return code == ExitCode::ok ? run_result_ : static_cast<int>(code);
            }
        }
        environment.write_error(app_.help());
        return static_cast<int>(ExitCode::usage);
    }

private:
    using Action = std::function<ExitCode(Environment&)>;

    static void prepare(CLI::App& app) {
        app.allow_windows_style_options(false); // a name may start with a slash
        app.set_help_flag("-h,--help", "Show this");
        app.get_formatter()->column_width(28);
    }

    static CLI::App& add(CLI::App& parent, const char* name, const char* text) {
        CLI::App& command = *parent.add_subcommand(name, text);
        prepare(command);
        return command;
    }

    void add_action(CLI::App& command, Action action) { actions_.emplace_back(&command, std::move(action)); }

    void add_answers() {
        CLI::App& why = add(app_, "why", "Say in plain words what became of a drive or a share, and why");
        add_why_options(why, why_);
        add_action(why, [this](Environment& environment) { return run_why(why_, environment); });
        CLI::App& state = add(app_, "state", "Show what is connected, now or at a moment, and how it came to be");
        add_state_options(state, state_);
        add_action(state, [this](Environment& environment) { return run_state(state_, environment); });
        CLI::App& stats = add(app_, "stats", "Count operations by user, server, program, error...");
        add_stats_options(stats, stats_);
        add_action(stats, [this](Environment& environment) { return run_stats(stats_, environment); });
        CLI::App& report = add(app_, "report", "Write an HTML page with all of it, for any browser");
        add_report_options(report, report_);
        add_action(report, [this](Environment& environment) { return run_report(report_, environment); });
        CLI::App& errors = add(app_, "errors", "Show what failed, by error, with its meaning and the usual remedy");
        add_errors_options(errors, errors_);
        add_action(errors, [this](Environment& environment) { return run_errors(errors_, environment); });
    }

    /// What an administrator does with the history as a whole.
    void add_keeping() {
        CLI::App& vacuum = add(app_, "vacuum", "Forget what is too much, and give its room back");
        add_vacuum_options(vacuum, vacuum_);
        add_action(vacuum, [this](Environment& environment) { return run_vacuum(vacuum_, environment); });
        CLI::App& backup = add(app_, "backup", "Copy the history into one file, while the service runs");
        add_backup_options(backup, backup_);
        add_action(backup, [this](Environment& environment) { return run_backup(backup_, environment); });
        CLI::App& exported = add(app_, "export", "Write the history, or a part of it, as JSON lines");
        add_export_options(exported, export_);
        add_action(exported, [this](Environment& environment) { return run_export(export_, environment); });
        CLI::App& imported = add(app_, "import", "Gather what others exported in a database for questions");
        add_import_options(imported, import_);
        add_action(imported, [this](Environment& environment) { return run_import(import_, environment); });
    }

    void add_rules_commands() {
        CLI::App& rules = add(app_, "rules", "List rules, try them, and say why one matched");
        rules.require_subcommand(1);
        rules.footer(rules_notes);
        CLI::App& list = add(rules, "list", "Show the rules, in their order");
        add_rules_list_options(list, rules_list_);
        add_action(list, [this](Environment& environment) { return run_rules_list(rules_list_, environment); });
        CLI::App& test = add(rules, "test", "Say what the rules make of an operation that you describe");
        add_rules_test_options(test, rules_test_);
        add_action(test, [this](Environment& environment) { return run_rules_test(rules_test_, environment); });
        CLI::App& replay = add(rules, "replay", "Say what the rules would have done with the recorded history");
        add_rules_replay_options(replay, rules_replay_);
        add_action(replay, [this](Environment& environment) { return run_rules_replay(rules_replay_, environment); });
        CLI::App& explain = add(rules, "explain", "Say why a recorded operation got its verdict");
        add_rules_explain_options(explain, rules_explain_);
        add_action(explain,
                   [this](Environment& environment) { return run_rules_explain(rules_explain_, environment); });
    }

    void add_config_file(CLI::App& command) {
        command.add_option("FILE", config_.file, "The file, if not the one that the service reads")->type_name("");
        command.footer(config_notes);
    }

    void add_verb(CLI::App& service, ServiceVerb verb, const char* name, const char* text) {
        add_action(add(service, name, text), [verb](Environment& environment) {
            environment.control_service(verb, [&](const std::string& news) { environment.write_error(news + "\n"); });
            return ExitCode::ok;
        });
    }

    /// Help and the version are answers; the rest are mistakes.
    int finish(const CLI::ParseError& error, Environment& environment) {
        std::ostringstream out;
        std::ostringstream err;
        const int code = app_.exit(error, out, err);
        (void)environment.write_out(out.str());
        if (code == 0) {
            return static_cast<int>(ExitCode::ok);
        }
        environment.write_error("maptrail: " + std::string(error.what()) +
                                "\nRun `maptrail help` for the commands, `maptrail help COMMAND` for its options.\n");
        return static_cast<int>(ExitCode::usage);
    }

    CLI::App app_{"The audit trail of Windows network connections: who mapped what, when, from where.", "maptrail"};
    HistoryOptions history_;
    WhyOptions why_;
    StateOptions state_;
    StatsOptions stats_;
    ErrorsOptions errors_;
    ReportOptions report_;
    StatusOptions status_;
    VacuumOptions vacuum_;
    BackupOptions backup_;
    ExportOptions export_;
    ImportOptions import_;
    VerifyOptions verify_;
    ConfigOptions config_;
    RulesListOptions rules_list_;
    RulesTestOptions rules_test_;
    RulesReplayOptions rules_replay_;
    RulesExplainOptions rules_explain_;
    RunRequest run_;
    int run_result_ = 0;
    std::vector<std::pair<CLI::App*, Action>> actions_;
};

} // namespace

std::vector<ManualPage> manual() {
    return CommandLine().pages();
}

int run_cli(const std::vector<std::string>& utf8_args, Environment& environment) {
    const auto fail = [&](const std::exception& error, ExitCode code) {
        environment.write_error("maptrail: " + std::string(error.what()) + "\n");
        return static_cast<int>(code);
    };
    try {
        return CommandLine().run(utf8_args, environment);
    } catch (const UsageError& error) {
        return fail(error, ExitCode::usage);
    } catch (const CannotDo& error) {
        return fail(error, ExitCode::usage);
    } catch (const CursorError& error) {
        return fail(error, error.code());
    } catch (const Unreachable& error) {
        return fail(error, ExitCode::unreachable);
    } catch (const std::exception& error) {
        return fail(error, ExitCode::nothing);
    }
}

} // namespace maptrail
