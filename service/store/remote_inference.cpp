#include "service/store/remote_inference.hpp"

#include "service/store/database.hpp"

#include <limits>
#include <string>

namespace maptrail {
namespace {

/// Disconnects that one late notification may revise. More of them, all without a device target and all stored before
/// the connect, do not happen by honest means.
constexpr std::int64_t most_revised = 100;

void bind_session(Statement& statement, std::uint64_t logon_id, const std::string& local_key,
                  const std::string& user_sid) {
    statement.bind_bits(1, logon_id);
    statement.bind(2, std::string_view(local_key));
    statement.bind(3, std::string_view(user_sid));
}

} // namespace

RemoteInference::RemoteInference(Database& database)
    : previous_(database, "SELECT id, action, remote_name FROM operation WHERE outcome = 1 AND local_key <> '' AND "
                          "logon_id = ?1 AND local_key = ?2 AND user_sid = ?3 AND start_time <= ?4 AND "
                          "(start_time < ?4 OR id < ?5) ORDER BY start_time DESC, id DESC LIMIT 1"),
      // A limit that is bound would have the statement prepared anew each time.
      inferred_after_(database, "SELECT id, start_time FROM operation WHERE action = 2 AND remote_from IN (0, 3) AND "
                                "local_key <> '' AND logon_id = ?1 AND local_key = ?2 AND user_sid = ?3 AND "
                                "start_time >= ?4 AND (start_time > ?4 OR id > ?5) ORDER BY start_time, id LIMIT " +
                                    std::to_string(most_revised)),
      set_(database, "UPDATE operation SET remote_name = ?, remote_from = ? WHERE id = ?") {}

RemoteInference::Place RemoteInference::place_of(const OperationRecord& record) {
    const Operation& operation = record.operation;
    // One that is not stored yet comes after everything that is.
    const std::int64_t id = operation.id != 0 ? operation.id : std::numeric_limits<std::int64_t>::max();
    return {operation.identity.logon_id, record.local_key, operation.identity.user_sid, operation.start, id};
}

RemoteInference::Previous RemoteInference::previous(const Place& place) {
    const ResetGuard guard(previous_);
    bind_session(previous_, place.logon_id, place.local_key, place.user_sid);
    previous_.bind(4, place.start);
    previous_.bind(5, place.id);
    Previous found;
    if (previous_.step()) {
        found.id = previous_.integer(0);
        if (previous_.integer(1) == static_cast<std::int64_t>(Action::connect)) {
            found.remote_name = previous_.text(2);
        }
    }
    return found;
}

std::vector<RemoteInference::Place> RemoteInference::inferred_after(const Place& place) {
    const ResetGuard guard(inferred_after_);
    bind_session(inferred_after_, place.logon_id, place.local_key, place.user_sid);
    inferred_after_.bind(4, place.start);
    inferred_after_.bind(5, place.id);
    std::vector<Place> found;
    while (inferred_after_.step()) {
        found.push_back(
            {place.logon_id, place.local_key, place.user_sid, inferred_after_.integer(1), inferred_after_.integer(0)});
    }
    return found;
}

void RemoteInference::infer(OperationRecord& record) {
    if (!record.wants_record()) {
        return;
    }
    Operation& operation = record.operation;
    operation.remote_name = previous(place_of(record)).remote_name;
    operation.remote_from = operation.remote_name.empty() ? RemoteFrom::none : RemoteFrom::record;
}

void RemoteInference::revise_after(const OperationRecord& record) {
    const Place mine = place_of(record);
    for (const Place& disconnect : inferred_after(mine)) {
        const Previous answer = previous(disconnect);
        if (answer.id != mine.id) {
            return; // another success lies between: what follows it has nothing to do with this one
        }
        const RemoteFrom from = answer.remote_name.empty() ? RemoteFrom::none : RemoteFrom::record;
        set_.bind(1, std::string_view(answer.remote_name));
        set_.bind(2, static_cast<std::int64_t>(from));
        set_.bind(3, disconnect.id);
        set_.run();
    }
}

} // namespace maptrail
