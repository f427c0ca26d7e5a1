#include "service/cli/why_command.hpp"

#include "common/model/windows_error.hpp"
#include "service/answers/error_help.hpp"
#include "service/cli/history_options.hpp"
#include "service/cli/progress.hpp"
#include "service/cli/rules_words.hpp"
#include "service/cli/usage_error.hpp"
#include "service/cli/why_words.hpp"
#include "service/format/ecs_json.hpp"
#include "service/format/judged_json.hpp"
#include "service/text/ascii.hpp"
#include "service/text/device_name.hpp"
#include "service/text/wrap.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <chrono>

namespace maptrail {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* why_notes = R"(Examples:
  maptrail why Z:                              what happened to Z: last, why, and what was before
  maptrail why Z: --at "2026-01-31 14:30"      up to then, and what came after
  maptrail why \\files\projects --user CORP\jane
  maptrail why Z: -o json

A remote name takes in all below it. Drives belong to a user's logon session: the answer is of the user who used it
last, --user asks for another. What is far from that in time is not looked for long; `maptrail history` finds it.
Exit code: 0 found, 1 nothing is recorded of it, 2 usage, 3 the service does not answer.)";

/// A drive or a port, which few letters name; or else it has to be a remote name.
bool is_device_like(std::string_view name) {
    const auto letter = [](char c) { return lower_ascii(c) >= 'a' && lower_ascii(c) <= 'z'; };
    if (name.ends_with(':')) {
        name.remove_suffix(1);
    }
    const bool port =
        name.size() == 4 && std::all_of(name.begin(), name.begin() + 3, letter) && name[3] >= '0' && name[3] <= '9';
    return port || (name.size() == 1 && letter(name.front()));
}

/// As the answer writes it: "Z:", and no backslash at a remote name's end.
std::string subject_of(std::string name) {
    if (is_local_device(name)) {
        if (!is_device_like(name)) {
            throw UsageError("\"" + name +
                             "\" is neither a drive nor a remote name. Accepted: Z:, LPT1:, "
                             "\\\\server\\share.");
        }
        return local_key_of(name) + ":";
    }
    if (name.starts_with("//")) {
        std::ranges::replace(name, '/', '\\');
    }
    while (name.ends_with('\\')) {
        name.pop_back();
    }
    if (name.empty()) {
        throw UsageError("Name a drive or a remote name: Z:, LPT1:, \\\\server\\share.");
    }
    return name;
}

Json operations_json(const std::vector<Operation>& operations) {
    Json list = Json::array();
    for (const Operation& operation : operations) {
        list.push_back(operation_to_json(operation));
    }
    return list;
}

Json story_json(const DriveStory& story, const StoryQuestion& question, const std::vector<std::string>& paragraphs) {
    Json json{{"asked", question.name}, {"found", story.last.has_value()}, {"answer", paragraphs}};
    if (story.last) {
        json["operation"] = operation_to_json(*story.last);
        const std::uint32_t error = story.last->error;
        if (const ErrorHelp* const help = error != 0 ? error_help(error) : nullptr) {
            json["error"] = {
                {"code", error}, {"name", error_name(error)}, {"meaning", help->meaning}, {"remedy", help->remedy}};
        }
        if (const std::string rule = denying_rule(*story.last); !rule.empty()) {
            json["rule"] = rule;
        }
    }
    if (story.before) {
        json["before"] = operation_to_json(*story.before);
    }
    json["tries_between"] = story.tries_between;
    if (story.looked_back_to) {
        json["looked_back_to"] = iso_utc(*story.looked_back_to);
    }
    json["since"] = operations_json(story.since);
    json["more_since"] = story.more_since;
    if (story.looked_on_to) {
        json["looked_on_to"] = iso_utc(*story.looked_on_to);
    }
    json["others"] = operations_json(story.others);
    return json;
}

DriveStory ask_story(const StoryQuestion& question, HistorySource& history, Environment& environment) {
    using Time = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds patience{200};
    ProgressLine progress(environment);
    const ZoneOffset zone = environment.zone();
    std::optional<Time::time_point> beside; // since when it is looked for what is beside the answer
    DriveStory story = story_of(
        question,
        [&](const Query& query, const std::function<bool(const Operation&)>& row) { history.find(query, row); },
        [&](std::int64_t moment) {
            progress.say("nothing since " + local_time(moment, zone) + " ...");
            return true;
        },
        [&](std::int64_t) {
            const Time::time_point now = Time::now();
            beside = beside.value_or(now);
            return now - *beside < patience;
        });
    progress.clear();
    return story;
}

} // namespace

void add_why_options(CLI::App& command, WhyOptions& options) {
    command.add_option("NAME", options.name, "A drive like Z:, or a remote name like \\\\server\\share")
        ->type_name("")
        ->required();
    command.add_option("--user", options.users, "Whose: NAME, DOMAIN\\NAME, NAME@DOMAIN or a SID")
        ->type_name("USER")
        ->allow_extra_args(false);
    command.add_option("--at", options.at, "At this moment, not now: 2026-01-31, \"2026-01-31 14:30\", -2h, today")
        ->type_name("TIME");
    command.add_option("-o,--output", options.format, "text (the default) or json")->type_name("FORMAT");
    command.add_option("--db", options.database, "Read this copied database; do not ask the service")
        ->type_name("FILE");
    command.footer(why_notes);
}

ExitCode run_why(const WhyOptions& options, Environment& environment) {
    const RulesFormat format = rules_format_of(options.format, "text");
    StoryQuestion question{
        .name = subject_of(options.name), .users = options.users, .at = std::nullopt, .now = environment.now()};
    if (options.at) {
        question.at = time_of("--at", *options.at, question.now, environment.zone());
    }
    const std::unique_ptr<HistorySource> history = environment.open_history(options.database);
    const DriveStory story = ask_story(question, *history, environment);
    const std::vector<std::string> paragraphs = story_paragraphs(story, question, environment.zone());
    if (format == RulesFormat::json) {
        (void)environment.write_out(json_pretty(story_json(story, question, paragraphs)) + "\n");
    }
    if (format == RulesFormat::people || !story.last) {
        std::string text;
        for (const std::string& paragraph : paragraphs) {
            text += wrapped(paragraph, 0, width_of(environment));
        }
        if (story.last) {
            (void)environment.write_out(text);
        } else {
            environment.write_error(text);
        }
    }
    return story.last ? ExitCode::ok : ExitCode::nothing;
}

} // namespace maptrail
