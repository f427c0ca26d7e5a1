// The options of `maptrail history`, and the query that they make.
#pragma once

#include "service/format/writer.hpp"
#include "service/query/query.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace maptrail {

/// As typed.
struct HistoryOptions {
    std::optional<std::string> since;
    std::optional<std::string> until;
    std::optional<std::string> newest;
    bool reverse = false;
    std::vector<std::string> ids;
    std::vector<std::string> users;
    std::vector<std::string> remotes;
    std::vector<std::string> servers;
    std::vector<std::string> shares;
    std::vector<std::string> drives;
    std::vector<std::string> programs;
    std::vector<std::string> pids;
    std::vector<std::string> actions;
    std::vector<std::string> outcomes;
    std::vector<std::string> errors;
    std::vector<std::string> providers;
    std::vector<std::string> sessions;
    std::vector<std::string> tags;
    std::vector<std::string> rules;
    std::vector<std::string> decisions;
    std::vector<std::string> sources;
    std::vector<std::string> texts;
    std::vector<std::string> fields; ///< FIELD=VALUE
    std::optional<std::string> output_fields;
    std::optional<std::string> cursor;
    std::optional<std::string> after_cursor;
    std::optional<std::string> cursor_file;
    bool show_cursor = false;
    bool follow = false;
    bool raw = false;
    bool utc = false;
    bool disk_usage = false;
    std::string format = "table";
    std::optional<std::string> database;
};

/// The options are written to `options` when the command line is parsed.
void add_history_options(CLI::App& command, HistoryOptions& options);

/// Those that say which operations count, for commands that sum up or explain: times, user, remote, drive, program, and
/// --db. The rest of `options` stays as it is.
void add_scope_options(CLI::App& command, HistoryOptions& options);

/// Throws UsageError. `option` is for the message.
[[nodiscard]] std::int64_t time_of(const char* option, const std::string& text, std::int64_t now,
                                   const ZoneOffset& zone);

/// Throws UsageError.
[[nodiscard]] Query query_of(const HistoryOptions& options, std::int64_t now, const ZoneOffset& zone);
/// Of an operation. `option` is for the message.
[[nodiscard]] std::int64_t operation_id_of(const char* option, const std::string& text);
[[nodiscard]] Format format_of(const HistoryOptions& options);
/// The names that --output-fields lists: in order, each once. Throws UsageError.
[[nodiscard]] std::vector<std::string> output_fields_of(const HistoryOptions& options, Format format);

} // namespace maptrail
