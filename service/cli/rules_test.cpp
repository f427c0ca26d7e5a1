#include "service/cli/rules_test.hpp"

#include "service/cli/named_config.hpp"
#include "service/cli/phase_report.hpp"
#include "service/cli/rules_words.hpp"
#include "service/cli/usage_error.hpp"
#include "service/format/ecs_json.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace maptrail {
namespace {

constexpr const char* test_notes = R"(Examples:
  maptrail rules test --remote \\nas\home --user CORP\jane
  maptrail rules test --config D:\new.json --remote \\10.1.2.3\c$ --program C:\Windows\System32\net.exe
  maptrail rules test --remote \\files\x --error ERROR_LOGON_FAILURE
  maptrail history --id 4711 -o json | maptrail rules test --event -

Nothing is connected. What is not given is not known, and a condition on it does not hold; without --error nobody knows
how the operation ended, so it is judged before the operation alone. --phase judges one notification alone.
Exit code: 0 the operation goes on, 1 it is denied, 2 usage or a mistake in the file.)";

std::vector<Phase> phases_for(const RulesTestOptions& options, const TestEvent& event) {
    if (!options.phase) {
        return event.after ? std::vector{Phase::before, Phase::after} : std::vector{Phase::before};
    }
    if (*options.phase == "before") {
        return {Phase::before};
    }
    if (*options.phase != "after") {
        throw UsageError("--phase: \"" + *options.phase + "\" is not understood. Accepted: before, after.");
    }
    if (!event.after) {
        throw UsageError("--phase after: nobody knows how the operation ended. Give --error, 0 for success.");
    }
    return {Phase::after};
}

} // namespace

void add_rules_test_options(CLI::App& command, RulesTestOptions& options) {
    command.add_option("--config", options.config, "This configuration, not the one that the service reads")
        ->type_name("FILE");
    command.add_option("--phase", options.phase, "before or after; else both, if the result is known")
        ->type_name("PHASE");
    add_event_options(command, options.event);
    command.add_option("-o,--output", options.format, "text (the default) or json")->type_name("FORMAT");
    command.footer(test_notes);
}

ExitCode run_rules_test(const RulesTestOptions& options, Environment& environment) {
    const RulesFormat format = rules_format_of(options.format, "text");
    const TestEvent event = test_event_of(options.event, environment);
    const std::vector<Phase> phases = phases_for(options, event);
    const auto named = load_named_config(options.config, environment);
    if (!named) {
        return ExitCode::usage;
    }
    const rules::RuleSet rules = rule_set_of(named->loaded, environment);
    RecordedJudge judge(rules, environment.zone());
    nlohmann::ordered_json json = nlohmann::ordered_json::array();
    std::string text = rules.rules().empty() ? "There are no rules.\n" : "";
    bool denied = false;
    for (const Phase phase : phases) {
        const PhaseReport report = report_of(rules, subject_of(event, phase, judge));
        denied = denied || report.judgement.decision == Decision::deny;
        json.push_back(phase_json(rules, report));
        text += phase_text(rules, report);
        if (denied) {
            break; // what is denied has no end
        }
    }
    (void)environment.write_out(format == RulesFormat::json
                                    ? json_pretty({{"verdict", denied ? "deny" : "allow"}, {"phases", json}}) + "\n"
                                    : text);
    return denied ? ExitCode::nothing : ExitCode::ok;
}

} // namespace maptrail
