// maptrail-caller: an ordinary program that maps and removes network drives. It knows nothing of MapTrail.
#include "tests/callers/burst.hpp"
#include "tests/callers/call.hpp"
#include "tests/callers/identity.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <winnetwk.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace maptrail::test;

struct CallOptions {
    std::string encoding = "w";
    std::string local;
    std::string remote;
    std::uint32_t type = RESOURCETYPE_DISK;
    std::uint32_t flags = 0;
    bool persistent = false;
    bool force = false;
    bool owner = false;
    std::string user;
    std::string password;
    bool impersonate = false;
    std::string logon_user;
    std::string logon_password;
};

struct BurstOptions {
    std::uint32_t operations = 0;
    std::uint32_t threads = 1;
    std::string tag = "share";
    std::string drives;
    std::int64_t pause = 0;
    std::string until;
    std::string timed_from;
};

Call call_of(Function function, const CallOptions& options) {
    Call call;
    call.function = function;
    call.ansi = options.encoding == "a";
    call.local = options.local == "-" ? std::wstring{} : wide_of(options.local);
    call.remote = wide_of(options.remote);
    call.type = options.type;
    call.flags = options.flags | (options.persistent ? CONNECT_UPDATE_PROFILE : 0);
    call.force = options.force;
    call.user = wide_of(options.user);
    call.password = wide_of(options.password);
    call.owner = options.owner ? GetDesktopWindow() : nullptr;
    return call;
}

int run_call(Function function, const CallOptions& options) {
    const Call call = call_of(function, options);
    nlohmann::ordered_json line = {{"function", name_of(function, call.ansi)}};
    CallResult result{ERROR_CANCELLED, ERROR_CANCELLED};
    if (options.impersonate) {
        const Logon logon{wide_of(options.logon_user), {}, wide_of(options.logon_password)};
        const Impersonated acted = impersonating(logon, [&] { result = make(call); });
        const std::map<ActingAs, const char*> names = {
            {ActingAs::self, "self"}, {ActingAs::logon, "logon"}, {ActingAs::nobody, "nobody"}};
        line["acting_as"] = names.at(acted.acting_as);
        line["token_error"] = acted.error;
    } else {
        result = make(call);
    }
    line["result"] = result.status;
    line["last_error"] = result.last_error;
    std::cout << line.dump() << std::endl;
    return result.status == NO_ERROR ? 0 : 1;
}

/// Times are in microseconds, the beginning in seconds since 1970.
nlohmann::ordered_json json_of(const std::vector<MeasuredCall>& calls) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const MeasuredCall& call : calls) {
        const auto since_epoch =
            std::chrono::duration_cast<std::chrono::milliseconds>(call.began.time_since_epoch()).count();
        nlohmann::ordered_json entry = {{"began", static_cast<double>(since_epoch) / 1000},
                                        {"took", call.microseconds}};
        if (call.parts) {
            entry["before"] = call.parts->before;
            entry["operation"] = call.parts->operation;
            entry["after"] = call.parts->after;
        }
        list.push_back(entry);
    }
    return list;
}

int run_burst(const BurstOptions& options) {
    Burst burst;
    burst.operations = options.operations;
    burst.threads = options.threads;
    burst.tag = wide_of(options.tag);
    burst.drives = wide_of(options.drives);
    burst.pause_milliseconds = options.pause;
    burst.until = wide_of(options.until);
    burst.timed_from = wide_of(options.timed_from);
    const BurstResult result = run(burst);
    nlohmann::ordered_json line = {{"operations", result.made},
                                   {"failed", result.failed},
                                   {"timed", result.timed},
                                   {"slow", result.slow},
                                   {"waited", result.waited},
                                   {"milliseconds", result.milliseconds},
                                   {"longestMicroseconds", result.longest_microseconds},
                                   {"slowest", json_of(result.slowest)}};
    const bool by_the_stand_in = !result.slowest.empty() && result.slowest.front().parts.has_value();
    if (by_the_stand_in) {
        line["slowNotifications"] = result.slow_notifications;
        line["longestNotificationMicroseconds"] = result.longest_notification_microseconds;
    }
    std::cout << line.dump() << std::endl;
    return result.failed == 0 ? 0 : 1;
}

CLI::App* add_call(CLI::App& app, const char* name, const char* what, bool connects, CallOptions& options) {
    CLI::App* const command = app.add_subcommand(name, what);
    command->add_option("encoding", options.encoding, "a or w: which of the two variants")
        ->required()
        ->check(CLI::IsMember({"a", "w"}));
    if (connects) {
        command->add_option("local", options.local, "X:, or - for none")->required();
        command->add_option("remote", options.remote, "\\\\server\\share")->required();
        command->add_option("--type", options.type, "RESOURCETYPE_ number");
        command->add_option("--user", options.user, "who to connect as");
        command->add_option("--password", options.password, "of that user");
        command->add_flag("--owner", options.owner, "pass the desktop as the owner window");
    } else {
        command->add_option("name", options.remote, "X: or \\\\server\\share")->required();
        command->add_flag("--force", options.force, "even with open files");
    }
    command->add_option("--flags", options.flags, "CONNECT_ flags as a number");
    command->add_flag("--persistent", options.persistent, "CONNECT_UPDATE_PROFILE");
    command->add_flag("--impersonate", options.impersonate, "call from a thread with a token of its own");
    command->add_option("--logon-user", options.logon_user, "whose token; else the program's own");
    command->add_option("--logon-password", options.logon_password, "of that user");
    return command;
}

} // namespace

int wmain(int argc, wchar_t** argv) {
    CLI::App app("Maps and removes network drives", "maptrail-caller");
    app.require_subcommand(1);
    CallOptions options;
    const std::map<CLI::App*, Function> calls = {
        {add_call(app, "add", "WNetAddConnection", true, options), Function::add},
        {add_call(app, "add2", "WNetAddConnection2", true, options), Function::add2},
        {add_call(app, "add3", "WNetAddConnection3", true, options), Function::add3},
        {add_call(app, "cancel", "WNetCancelConnection", false, options), Function::cancel},
        {add_call(app, "cancel2", "WNetCancelConnection2", false, options), Function::cancel2},
    };
    BurstOptions burst;
    CLI::App* const burst_command = app.add_subcommand("burst", "Many connects and disconnects from many threads");
    burst_command->add_option("--operations", burst.operations, "how many in all; even")->required();
    burst_command->add_option("--threads", burst.threads, "how many threads")->check(CLI::Range(1, 64));
    burst_command->add_option("--tag", burst.tag, "part of each share's name");
    burst_command->add_option("--drives", burst.drives, "drive letters to use, one for each thread");
    burst_command->add_option("--pause", burst.pause, "milliseconds that a thread waits after each operation")
        ->check(CLI::Range(0, 60'000));
    burst_command->add_option("--until", burst.until, "a file: when it is there, no more are made");
    burst_command->add_option("--timed-from", burst.timed_from, "a file: calls are timed when it is there");

    // CLI11 takes its arguments last one first.
    std::vector<std::string> arguments;
    for (int index = argc - 1; index > 0; --index) {
        arguments.push_back(utf8_of(argv[index]));
    }
    try {
        app.parse(arguments);
        if (burst.operations % 2 != 0) {
            throw CLI::ValidationError("--operations", "each connect has its disconnect: an even number");
        }
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (burst_command->parsed()) {
        return run_burst(burst);
    }
    const auto chosen = std::find_if(calls.begin(), calls.end(), [](const auto& call) { return call.first->parsed(); });
    return run_call(chosen->second, options);
}
