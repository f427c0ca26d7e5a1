// `maptrail report`: a history as one HTML file.
#pragma once

#include "service/cli/environment.hpp"
#include "service/cli/exit_code.hpp"
#include "service/cli/history_options.hpp"

#include <optional>
#include <string>

namespace maptrail {

struct ReportOptions {
    HistoryOptions scope;
    std::string file;
    std::string title = "Network connections";
    std::string rows = "100000";
};

void add_report_options(CLI::App& command, ReportOptions& options);

/// Throws UsageError, CannotDo if the file can't be written, and what the history throws.
ExitCode run_report(const ReportOptions& options, Environment& environment);

} // namespace maptrail
