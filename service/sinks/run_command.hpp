// Runs one command from its start to its end.
#pragma once

#include "service/sinks/command.hpp"
#include "service/sinks/command_processes.hpp"
#include "service/sinks/start_process.hpp"

#include <windows.h>

namespace maptrail {

/// Returns when the program has ended, with all that it started: by itself, by a limit, or because the event `stop` was
/// set, a second after that at most. What a program leaves running is ended with it. Does not throw.
[[nodiscard]] CommandResult run_command(const Command& command, const CommandLimits& limits, HANDLE stop,
                                        CommandProcesses& processes, const AccountCalls& calls = {}) noexcept;

} // namespace maptrail
