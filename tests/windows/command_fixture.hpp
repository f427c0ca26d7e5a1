// Commands of rules, as the tests give them: maptrail_bad_command with some arguments.
#pragma once

#include "service/sinks/run_command.hpp"
#include "service/text/utf.hpp"
#include "tests/windows/notifyee_host.hpp"
#include "tests/windows/service_fixture.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace maptrail::test {

/// As the service, with a second for its time.
inline Command command_of(std::vector<std::string> arguments, std::string event = "{}") {
    Command command;
    command.rule = "a rule";
    command.run.program = path_utf8(own_folder() / "maptrail_bad_command.exe");
    command.run.arguments = std::move(arguments);
    command.run.timeout_s = 1;
    command.run.account = rules::RunAs::system;
    command.event = std::move(event);
    return command;
}

/// Whether it came true within ten seconds.
inline bool eventually(const std::function<bool()>& condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
}

} // namespace maptrail::test
