#include "service/cli/status_command.hpp"

#include "maptrail_version.h"
#include "service/cli/health.hpp"
#include "service/cli/usage_error.hpp"
#include "service/format/ecs_json.hpp"
#include "service/text/text.hpp"

#include <algorithm>

namespace maptrail {
namespace {

struct Status {
    ServiceFacts service;
    RegistrationFacts registration;
    std::vector<std::string> problems;
    nlohmann::json answer; ///< null if there was none
    std::string unreachable;
};

Status gather(Environment& environment) {
    Status status;
    status.service = environment.service_facts();
    status.registration = environment.registration_facts();
    status.problems = registration_problems(status.registration);
    try {
        status.answer = environment.service_status();
    } catch (const Unreachable& error) {
        status.unreachable = error.what();
    }
    return status;
}

nlohmann::ordered_json library_json(const LibraryFacts& library) {
    nlohmann::ordered_json json{{"path", library.path}, {"exists", library.exists}};
    if (library.machine != 0) {
        json["machine"] = machine_word(library.machine);
    }
    return json;
}

std::string as_json(const Status& status) {
    nlohmann::ordered_json json{{"version", MAPTRAIL_VERSION}};
    nlohmann::ordered_json& service = json["service"];
    service["installed"] = status.service.installed;
    service["state"] = status.service.state;
    if (status.service.pid != 0) {
        service["pid"] = status.service.pid;
    }
    service["reachable"] = status.unreachable.empty();
    if (!status.unreachable.empty()) {
        service["problem"] = status.unreachable;
    } else {
        service["answer"] = status.answer;
    }
    const RegistrationFacts& found = status.registration;
    nlohmann::ordered_json& registration = json["registration"];
    registration["ok"] = status.problems.empty();
    registration["value"] = found.value ? nlohmann::ordered_json(*found.value) : nlohmann::ordered_json();
    registration["x64"] = library_json(found.native);
    registration["x86"] = library_json(found.wow64);
    registration["problems"] = status.problems;
    nlohmann::ordered_json others = nlohmann::ordered_json::array();
    for (const OtherNotifyee& other : found.others) {
        others.push_back({{"name", other.name}, {"path", other.path}});
    }
    json["other_notifyees"] = std::move(others);
    return json_pretty(json) + "\n";
}

std::string line(std::string_view label, const std::string& text) {
    constexpr int label_width = 16;
    const int blanks = std::max(1, label_width - display_width(label));
    return std::string(label) + std::string(static_cast<std::size_t>(blanks), ' ') + printable(text) + "\n";
}

/// Whatever the service tells, also what this version does not know: "counts.stored  12".
void append_answer(std::string& text, const nlohmann::json& json, const std::string& prefix) {
    for (const auto& [key, value] : json.items()) {
        std::string name = prefix;
        name += prefix.empty() ? key : "." + key;
        if (value.is_object()) {
            append_answer(text, value, name);
        } else {
            const std::string shown = value.is_string() ? value.get<std::string>() : json_line(value);
            text += line("  " + printable(name), " " + shown);
        }
    }
}

std::uint64_t count(const nlohmann::json& answer, const char* name) {
    const nlohmann::json found =
        answer.value(nlohmann::json::json_pointer(std::string("/counts/") + name), nlohmann::json());
    return found.is_number_unsigned() ? found.get<std::uint64_t>() : 0;
}

/// Empty while the history tells of none.
std::string losses_text(const nlohmann::json& answer) {
    if (count(answer, "losses") == 0) {
        return {};
    }
    const std::uint64_t lost = count(answer, "lost");
    std::string text = lost == 0   ? "damage was found"
                       : lost == 1 ? "1 notification never arrived"
                                   : std::to_string(lost) + " notifications never arrived";
    return text + "; `maptrail history --action loss`";
}

std::string as_text(const Status& status) {
    std::string text = line("MapTrail", MAPTRAIL_VERSION);
    const ServiceFacts& service = status.service;
    std::string state = service.installed ? service.state : "not installed";
    if (service.pid != 0) {
        state += ", pid " + std::to_string(service.pid);
    }
    text += line("Service", service.problem.empty() ? state : service.problem);
    text += line("Answers", status.unreachable.empty() ? "yes" : "no: " + status.unreachable);
    if (status.answer.is_object()) {
        append_answer(text, status.answer, "");
        if (const std::string losses = losses_text(status.answer); !losses.empty()) {
            text += line("Losses", losses);
        }
    }
    text += line("Registration", status.problems.empty() ? "OK for 64-bit and 32-bit programs" : "WRONG");
    for (const std::string& problem : status.problems) {
        text += "  " + printable(problem) + "\n";
    }
    const auto& others = status.registration.others;
    text += line("Others listening", others.empty() ? " none" : "");
    for (const OtherNotifyee& other : others) {
        text += line("  " + printable(other.name), " " + other.path);
    }
    return text;
}

} // namespace

ExitCode run_status(const StatusOptions& options, Environment& environment) {
    if (options.format != "text" && options.format != "json") {
        throw UsageError("-o: \"" + options.format + "\" is not understood. Accepted: text, json.");
    }
    const Status status = gather(environment);
    (void)environment.write_out(options.format == "json" ? as_json(status) : as_text(status));
    if (!status.unreachable.empty()) {
        environment.write_error(status.unreachable + "\n");
        return ExitCode::unreachable;
    }
    if (!status.problems.empty()) {
        environment.write_error("The registration is wrong, so connections go unrecorded. See above what to do.\n");
        return ExitCode::nothing;
    }
    return ExitCode::ok;
}

} // namespace maptrail
