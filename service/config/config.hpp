// The service's configuration: config.json, JSON with // and /* */ comments.
#pragma once

#include "common/product.hpp"
#include "common/wire/policy_page.hpp"
#include "service/config/config_error.hpp"
#include "service/log/level.hpp"
#include "service/rules/rule.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace maptrail {

struct LogConfig {
    LogLevel level = LogLevel::info; ///< log.level
    std::uint32_t max_size_mib = 10; ///< log.maxSizeMiB, 1 to 1024
    std::uint32_t files = 5;         ///< log.files, 1 to 100
};

struct RetentionConfig {
    std::uint32_t days = 365;      ///< retention.days, 0 to 36500; 0 keeps operations however old they are
    std::uint32_t operations = 0;  ///< retention.operations, 0 to 4000000000; 0: any number
    std::uint32_t size_mib = 4096; ///< retention.sizeMiB, 0 to 1048576; 0: as much room as it takes
};

struct InboxConfig {
    std::uint32_t size_mib = 64;  ///< inbox.sizeMiB, 1 to 1024
    std::uint32_t flush_ms = 250; ///< inbox.flushMs, 10 to 60000: how much a loss of power may cost
};

struct SpoolConfig {
    std::uint32_t max_file_kib = default_spool_file_bytes >> 10U;       ///< spool.maxFileKiB, 64 to 16384
    std::uint32_t max_process_mib = default_spool_process_bytes >> 20U; ///< spool.maxProcessMiB, 1 to 1024
};

struct Config {
    std::uint32_t version = 1;                        ///< of the file's format
    std::filesystem::path data_folder;                ///< dataFolder, absolute; without it, the folder of the file
    std::uint32_t budget_ms = default_budget_ms;      ///< budgetMs, min_budget_ms to max_budget_ms
    wire::NoAnswer no_answer = wire::NoAnswer::allow; ///< whenNoAnswer, "allow" or "denyConnect"
    LogConfig log;
    RetentionConfig retention;
    InboxConfig inbox;
    SpoolConfig spool;
    std::vector<rules::Rule> rules; ///< rules, max_rules at most; judged in this order
};

/// The words of log.level, in the order of LogLevel, and of whenNoAnswer, in that of wire::NoAnswer.
inline const std::vector<std::string_view> config_log_levels{"trace", "debug", "info", "warn", "error", "off"};
inline const std::vector<std::string_view> config_no_answers{"allow", "denyConnect"};

/// Takes the whole text or throws ConfigError: a configuration is taken as it is or not at all. `file` is for the
/// messages and for the default of dataFolder.
[[nodiscard]] Config parse_config(std::string_view text, const std::filesystem::path& file);

} // namespace maptrail
