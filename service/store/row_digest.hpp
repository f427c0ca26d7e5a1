// What of an operation's row is hashed.
#pragma once

#include "service/store/statement.hpp"

#include <string>

namespace maptrail {

/// Every column of `operation`, in the order in which they are hashed, which is the table's. It is fixed: what was
/// sealed with it has to fit for as long as it is kept. docs/developers/database.md has what a column that is added
/// does.
inline constexpr const char* sealed_columns =
    "id, producer, number, before_sequence, after_sequence, half, ticks, recorded_time, action, outcome, start_time, "
    "end_time, duration, error, reason, local_name, local_key, remote_name, remote_from, resource_type, provider, "
    "flags, forced, truncated, user_sid, user_name, user_domain, logon_id, session_id, integrity, elevated, pid, "
    "process_started, process_path, bitness, source, decision, host, loss_kind, loss_count, loss_first, loss_last, "
    "loss_producer, loss_id, rules, rules_more, denied_status, config_before, config_after, session_type, group_set, "
    "ended";

inline constexpr int sealed_column_count = 52;

/// Appends the current row's bytes: of each column, which begin at 0, its type and its value, texts with their length,
/// so that no two rows give the same.
void append_sealed_row(const Statement& row, std::string& to);

/// The same of the row of `operation` that is about to be changed or deleted; for a preupdate hook alone. Throws
/// SqliteError.
void append_sealed_old_row(const Database& database, std::string& to);

} // namespace maptrail
