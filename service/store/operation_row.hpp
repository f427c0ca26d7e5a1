// An operation as a row of the table, both ways.
#pragma once

#include "service/store/correlate.hpp"
#include "service/store/statement.hpp"

namespace maptrail {

/// The columns in the order in which read_operation and bind_record count them, less the id: that is column 0.
inline constexpr const char* operation_columns =
    "action, outcome, start_time, end_time, duration, error, reason, local_name, remote_name, remote_from, "
    "resource_type, provider, flags, forced, truncated, user_sid, user_name, user_domain, logon_id, session_id, "
    "integrity, elevated, pid, process_started, process_path, bitness, source, decision, host, session_type, rules, "
    "rules_more, denied_status, config_before, config_after, group_set, ended";

/// What only the joining needs; the columns that follow them.
inline constexpr const char* record_columns = "number, before_sequence, after_sequence, ticks, local_key, half";

/// What only a loss has; after both.
inline constexpr const char* loss_columns = "loss_kind, loss_count, loss_first, loss_last, loss_producer";

inline constexpr int operation_column_count = 38; ///< with the id
inline constexpr int record_column_count = 6;
inline constexpr int loss_column_count = 5;

/// Places of columns that are looked at before a whole row is read.
namespace column {
inline constexpr int action = 1;
inline constexpr int outcome = 2;
inline constexpr int start_time = 3;
inline constexpr int error = 6;
inline constexpr int remote_name = 9;
inline constexpr int user_sid = 16;
inline constexpr int user_name = 17;
inline constexpr int user_domain = 18;
inline constexpr int pid = 23;
inline constexpr int process_path = 25;
inline constexpr int ended = 37;
inline constexpr int local_key = 42;
} // namespace column

/// The current row. What a damaged or doctored database holds is brought into range: numbers that are no value of
/// their enumeration, bytes that are no UTF-8.
[[nodiscard]] Operation read_operation(const Statement& row);
[[nodiscard]] OperationRecord read_record(const Statement& row);
[[nodiscard]] LossDetail read_loss(const Statement& row);
/// With the producer's key in the column behind all of these.
[[nodiscard]] Notifications read_notifications(const Statement& row);

/// Binds all columns of both lists from parameter 1 on. The record must live until the statement has run.
void bind_record(Statement& statement, const OperationRecord& record);

} // namespace maptrail
