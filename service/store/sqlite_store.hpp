// The store over an open and migrated database.
#pragma once

#include "service/store/accounts.hpp"
#include "service/store/counters.hpp"
#include "service/store/database.hpp"
#include "service/store/dropped_table.hpp"
#include "service/store/frame_table.hpp"
#include "service/store/loss_table.hpp"
#include "service/store/operation_table.hpp"
#include "service/store/remote_inference.hpp"
#include "service/store/seal_table.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace maptrail {

class SqliteStore : public Store {
public:
    SqliteStore(std::unique_ptr<Database> database, std::filesystem::path file, StoreMode mode, Clock clock,
                std::string host);
    ~SqliteStore() override;

    void record(std::span<const Notification> batch, std::span<const Loss> losses) override;
    void keep_config(const ConfigVersion& version, const std::string& text) override;
    std::optional<std::string> config_of(std::uint64_t version) override;
    void keep_groups(std::span<const GroupSet> sets) override;
    std::optional<std::vector<std::string>> groups_of(std::uint64_t id) override;
    std::vector<Operation> take_matched() override { return std::exchange(matched_, {}); }
    std::uint64_t settle_gaps(const GapRules& rules) override;
    std::vector<PendingProcess> pending_processes() override;
    std::uint64_t close_pending_of(std::span<const ClientProcess> processes, const std::string& reason,
                                   std::uint64_t most) override;
    std::uint64_t close_pending_before(std::int64_t time, const std::string& reason, std::uint64_t most) override;
    std::uint64_t forget_before(std::int64_t time, std::uint64_t most) override;
    std::optional<std::int64_t> surplus_before(const Retention& keep, std::uint64_t most) override;
    std::uint64_t give_back(std::uint64_t bytes) override;
    Reached find(const Query& query, const std::function<bool(const Operation&)>& row,
                 const std::function<bool()>& go_on) override;
    std::vector<std::string> take_tampering() override;
    StoreCounts counts() override;
    ChainHead head() override;

private:
    /// Statements that write; a read-only store has none.
    struct Writer {
        Writer(Database& database, const std::string& host)
            : frames(database), operations(database), losses(database, operations, host), accounts(frames, losses),
              inference(database), counters(database), dropped(database), seals(database) {}

        void rolled_back() {
            frames.forget_cache();
            operations.rolled_back();
            seals.rolled_back();
        }

        void committed() {
            operations.committed();
            seals.committed();
        }

        FrameTable frames;
        OperationTable operations;
        LossTable losses;
        Accounts accounts;
        RemoteInference inference;
        CounterWriter counters;
        DroppedTable dropped;
        SealTable seals;
    };

    Writer& writer();
    [[noreturn]] void failed(const SqliteError& error);
    void record_one(const Notification& notification, StoreCounts& counts);
    void drop(std::int64_t producer, const Notification& notification, const OperationRecord* stored,
              StoreCounts& counts);
    void match(const Operation& operation);
    void match(const Operation& operation, Phase phase);
    void add_denial(std::int64_t producer, const Notification& notification, StoreCounts& counts);
    StoreCounts count_rows();
    std::uint64_t bytes_of_settings();

    /// Runs `change` in a transaction with the counters, seals what it changed, and turns SQLite's errors into the
    /// store's.
    void write(const std::function<void(StoreCounts&)>& change);

    std::unique_ptr<Database> database_;
    std::filesystem::path file_;
    Clock clock_;
    std::string host_;
    std::uint64_t duplicates_ = 0;
    std::int64_t counted_since_ = 0; ///< what earlier programs sent may be in no history, or forgotten
    std::vector<Operation> matched_;
    bool rows_counted_ = false; ///< since retention last had nothing to do
    bool damaged_ = false;      ///< met while it was open: the next start looks the database over
    std::unique_ptr<Writer> writer_;
};

} // namespace maptrail
