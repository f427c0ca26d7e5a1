// The command line: maptrail history, why, state, stats, errors, status, vacuum, backup, export, import, verify,
// config, rules, service, help.
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/manual.hpp"

#include <string>
#include <vector>

namespace maptrail {

/// The manual, made of the same as --help.
[[nodiscard]] std::vector<ManualPage> manual();

/// Runs one command line (without the program's name) and returns the process' exit code.
int run_cli(const std::vector<std::string>& utf8_args, Environment& environment);

} // namespace maptrail
