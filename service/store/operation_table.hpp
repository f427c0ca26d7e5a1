// The operations while they are written: found by their frames' number, inserted, completed, closed.
#pragma once

#include "service/store/operation_row.hpp"
#include "service/store/store.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace maptrail {

class OperationTable {
public:
    explicit OperationTable(Database& database);

    /// The operation that still lacks its notification of this phase.
    [[nodiscard]] std::optional<OperationRecord> lacking(std::int64_t producer, const Notification& notification);

    /// To be called when a transaction begins, with the last place in the order of ending that was given. No id is
    /// given twice, also if SQLite's own count of them was lowered.
    void count_from(std::uint64_t ended);

    /// To be called when a transaction failed, or was committed.
    void rolled_back() { last_id_ = last_id_before_; }
    void committed() { last_id_before_ = last_id_; }

    [[nodiscard]] std::uint64_t ended() const { return ended_; }

    /// Both give an operation that has ended its place, once. Returns the new id.
    std::int64_t insert(OperationRecord& record, std::int64_t producer, std::int64_t recorded_time);
    void update(OperationRecord& record);

    [[nodiscard]] std::vector<PendingProcess> pending_processes();

    /// Both close the oldest first, return how many were closed, and append those of them that rules matched.
    std::uint64_t close_pending_of(std::span<const ClientProcess> processes, const std::string& reason,
                                   std::uint64_t most, std::vector<Operation>& matched);
    std::uint64_t close_pending_before(std::int64_t time, const std::string& reason, std::uint64_t most,
                                       std::vector<Operation>& matched);

    /// A finished operation, as far as its deletion needs it.
    struct Finished {
        std::int64_t id;
        bool is_loss;
        std::int64_t producer;
        std::uint64_t place;
        std::optional<std::uint64_t> before_sequence;
        std::optional<std::uint64_t> after_sequence;
    };
    [[nodiscard]] std::vector<Finished> finished_before(std::int64_t time, std::uint64_t most);
    void remove(std::int64_t id);

private:
    void give_place(Operation& operation);
    void close(const std::vector<std::int64_t>& ids, const std::string& reason, std::vector<Operation>& matched);

    std::uint64_t ended_ = 0;
    std::int64_t last_id_ = 0;        ///< that was given
    std::int64_t last_id_before_ = 0; ///< the transaction
    Statement highest_;
    Statement lacking_;
    Statement insert_;
    Statement update_;
    Statement pending_processes_;
    Statement pending_;
    Statement close_;
    Statement finished_;
    Statement remove_;
};

} // namespace maptrail
