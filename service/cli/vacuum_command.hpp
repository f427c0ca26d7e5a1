// maptrail vacuum, and how much room the history takes.
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace maptrail {

struct VacuumOptions {
    std::uint32_t days = 0; ///< of each, 0: not given
    std::uint64_t operations = 0;
    std::uint64_t size_mib = 0;
};

void add_vacuum_options(CLI::App& command, VacuumOptions& options);

/// Throws Unreachable and Failed.
[[nodiscard]] ExitCode run_vacuum(const VacuumOptions& options, Environment& environment);

/// `history --disk-usage`: of the service's history, or of a database file. Throws Unreachable and CannotDo.
[[nodiscard]] ExitCode run_disk_usage(const std::optional<std::string>& database, Environment& environment);

} // namespace maptrail
