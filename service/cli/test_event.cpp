#include "service/cli/test_event.hpp"

#include "common/model/windows_error.hpp"
#include "service/cli/time_expression.hpp"
#include "service/cli/usage_error.hpp"
#include "service/format/ecs_json.hpp"
#include "service/format/words.hpp"
#include "service/rules/remote_name.hpp"
#include "service/text/text.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>

namespace maptrail {
namespace {

constexpr std::size_t longest_event = std::size_t{1024} * 1024;

UsageError bad_value(const char* option, const std::string& value, const std::string& accepted) {
    return UsageError{std::string(option) + ": \"" + value + "\" is not understood. Accepted: " + accepted + "."};
}

/// What `read` makes of the text, if one was given.
template <class Value, class Read>
bool set(const char* option, const std::optional<std::string>& text, Value& value, const Read& read,
         const char* accepted) {
    if (!text) {
        return false;
    }
    const auto result = read(*text);
    if (!result) {
        throw bad_value(option, *text, accepted);
    }
    value = static_cast<Value>(*result);
    return true;
}

std::optional<bool> yes_or_no(const std::string& text) {
    return text == "yes" || text == "true"   ? std::optional(true)
           : text == "no" || text == "false" ? std::optional(false)
                                             : std::nullopt;
}

std::optional<std::uint32_t> error_of_text(const std::string& text) {
    const auto number = number_of(text, std::numeric_limits<std::uint32_t>::max());
    return number ? std::optional(static_cast<std::uint32_t>(*number)) : error_code(text);
}

std::optional<std::uint8_t> bitness_of(const std::string& text) {
    return text == "32"   ? std::optional<std::uint8_t>(std::uint8_t{32})
           : text == "64" ? std::optional<std::uint8_t>(std::uint8_t{64})
                          : std::nullopt;
}

std::optional<Action> judged_action_of(const std::string& text) {
    const auto action = action_of(text);
    return action == Action::loss ? std::nullopt : action;
}

void set_user(const EventOptions& options, Identity& identity, Environment& environment) {
    identity.user_sid = options.sid.value_or("");
    if (!options.user) {
        return;
    }
    const std::string& user = *options.user;
    if (const std::size_t at = user.find('\\'); at != std::string::npos) {
        identity.user_domain = user.substr(0, at);
        identity.user_name = user.substr(at + 1);
    } else if (const std::size_t sign = user.rfind('@'); sign != std::string::npos) {
        identity.user_name = user.substr(0, sign);
        identity.user_domain = user.substr(sign + 1);
    } else {
        identity.user_name = user;
    }
    if (!options.sid) {
        identity.user_sid = environment.sid_of_account(user).value_or("");
    }
}

/// What may be said beside an event as well: the history holds neither.
void set_beyond_history(TestEvent& event, const EventOptions& options, Environment& environment) {
    for (const std::string& group : options.groups) {
        const std::string start = fold(group.substr(0, 4));
        const auto sid = start == "S-1-" ? std::optional(group) : environment.sid_of_account(group);
        if (!sid) {
            throw UsageError("--group: this machine knows no group \"" + group + "\". Its SID does as well.");
        }
        if (!event.groups) {
            event.groups.emplace();
        }
        event.groups->push_back(fold(*sid));
    }
    if (event.groups) {
        std::ranges::sort(*event.groups);
    }
    if (options.address) {
        event.address = rules::address_of(fold(*options.address));
        if (!event.address) {
            throw bad_value("--address", *options.address, "an address like 192.0.2.1 or 2001:db8::1");
        }
    }
}

TestEvent event_of_flags(const EventOptions& options, Environment& environment) {
    TestEvent event;
    Operation& operation = event.operation;
    set("--action", options.action, operation.action, judged_action_of, "connect, disconnect");
    operation.local_name = options.drive.value_or("");
    operation.remote_name = options.remote.value_or("");
    // Of a disconnect's drive the device tells where it points, as long as it is there.
    operation.remote_from = !options.remote                                           ? RemoteFrom::none
                            : operation.action == Action::disconnect && options.drive ? RemoteFrom::device
                                                                                      : RemoteFrom::call;
    event.type_known = set("--type", options.type, operation.resource_type, resource_type_of, "any, disk, print");
    event.provider_known = options.provider.has_value();
    operation.provider = options.provider.value_or("");
    for (const std::string& text : options.flags) {
        std::uint32_t flag = 0;
        set("--flag", text, flag, flag_of, "persistent, temporary, interactive, ... or a number like 0x4");
        operation.flags |= flag;
    }
    operation.forced = options.forced;
    set_user(options, operation.identity, environment);
    event.elevated_known = set("--elevated", options.elevated, operation.identity.elevated, yes_or_no, "yes, no");
    set("--integrity", options.integrity, operation.identity.integrity, integrity_of,
        "low, medium, medium_plus, high, system, protected");
    set("--session", options.session, operation.identity.session_type, session_type_of, "console, remote, service");
    operation.process.path = options.program.value_or("");
    set("--bitness", options.bitness, operation.process.bitness, bitness_of, "32, 64");
    set("--source", options.source, operation.source, source_of, "pipe, spool");
    event.after = set("--error", options.error, operation.error, error_of_text,
                      "0 for success, a Windows error code like 53, or its name like ERROR_BAD_NETPATH");
    operation.start = environment.now();
    if (options.at) {
        const auto time = parse_time(*options.at, environment.now(), environment.zone());
        if (const auto* const error = std::get_if<TimeError>(&time)) {
            throw UsageError("--at: " + error->text);
        }
        operation.start = std::get<std::int64_t>(time);
    }
    return event;
}

std::string read_bounded(std::istream& in, const std::string& file) {
    std::string text(longest_event + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > longest_event) {
        throw UsageError("--event: " + file + " is longer than 1 MiB.");
    }
    return text;
}

std::string event_text(const std::string& file) {
    if (file == "-") {
        return read_bounded(std::cin, "standard input");
    }
    std::ifstream in(std::filesystem::path(std::u8string(file.begin(), file.end())), std::ios::binary);
    std::string text = read_bounded(in, file);
    if (!in.eof()) {
        throw UsageError("--event: " + file + " cannot be read.");
    }
    return text;
}

/// What an event that was written by hand may leave out.
void complete(nlohmann::json& json, std::int64_t now) {
    if (!json.is_object() || (json.contains("event") && !json["event"].is_object())) {
        return; // is refused afterwards
    }
    nlohmann::json& event = json["event"];
    const nlohmann::json defaults{{"id", "0"}, {"action", "connect"}, {"outcome", "unknown"}, {"start", iso_utc(now)}};
    for (const auto& [key, value] : defaults.items()) {
        if (!event.contains(key)) {
            event[key] = value;
        }
    }
    const auto mapping = json.find("mapping");
    if (mapping != json.end() && mapping->is_object() && mapping->contains("remote_name") &&
        !mapping->contains("remote_from")) {
        (*mapping)["remote_from"] = word_of(RemoteFrom::call);
    }
}

bool has(const nlohmann::json& json, const char* group, const char* key) {
    const auto found = json.find(group);
    return found != json.end() && found->is_object() && found->contains(key);
}

} // namespace

TestEvent test_event_of_json(nlohmann::json json, const std::string& file, std::int64_t now) {
    if (json.is_array() && json.size() == 1) { // as `history --id N -o json` writes it
        json = nlohmann::json(json.front());
    }
    if (json.is_array()) {
        throw UsageError("--event: " + file + " has " + std::to_string(json.size()) +
                         " operations; one is tested at a time. `maptrail history --id N -o json` writes one.");
    }
    complete(json, now);
    TestEvent event;
    if (!operation_from_json(json, event.operation)) {
        throw UsageError("--event: " + file +
                         " is no operation as `maptrail history -o json` writes one: a member is of another type, or "
                         "has a value that is none of its.");
    }
    if (event.operation.action == Action::loss) {
        throw UsageError("--event: " + file + " tells of lost notifications, which nobody can judge.");
    }
    if (event.operation.outcome == Outcome::failure && event.operation.error == 0) {
        throw UsageError("--event: " + file + " is of a failure, but has no error.code that says which.");
    }
    event.after = was_told_after(event.operation);
    event.elevated_known = has(json, "session", "elevated");
    event.type_known = has(json, "mapping", "resource_type");
    event.provider_known = true; // the history leaves out one that the call did not name
    return event;
}

TestEvent test_event_of(const EventOptions& options, Environment& environment) {
    TestEvent event;
    if (options.file) {
        const std::string file = *options.file == "-" ? "standard input" : *options.file;
        const auto json = nlohmann::json::parse(event_text(*options.file), nullptr, false);
        if (json.is_discarded()) {
            throw UsageError("--event: " + file + " is no JSON.");
        }
        event = test_event_of_json(json, file, environment.now());
    } else {
        event = event_of_flags(options, environment);
    }
    set_beyond_history(event, options, environment);
    return event;
}

rules::Subject subject_of(const TestEvent& event, Phase phase, RecordedJudge& judge) {
    rules::Subject subject = judge.subject(event.operation, phase);
    if (event.operation.remote_name.empty()) {
        subject.remote = subject.server = subject.share = std::nullopt;
    }
    if (!event.elevated_known) {
        subject.elevated = std::nullopt;
    }
    if (!event.type_known) {
        subject.resource_type = std::nullopt;
    }
    if (!event.provider_known) {
        subject.provider = std::nullopt;
    }
    if (event.groups) {
        subject.groups = *event.groups;
    }
    if (event.address && subject.server) {
        subject.address = event.address;
    }
    return subject;
}

} // namespace maptrail
