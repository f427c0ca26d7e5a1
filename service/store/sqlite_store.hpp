// The store over an open and migrated database.
#pragma once

#include "service/store/counters.hpp"
#include "service/store/database.hpp"
#include "service/store/frame_table.hpp"
#include "service/store/operation_table.hpp"
#include "service/store/remote_inference.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace maptrail {

class SqliteStore : public Store {
public:
    SqliteStore(std::unique_ptr<Database> database, std::filesystem::path file, StoreMode mode, Clock clock,
                std::string host);
    ~SqliteStore() override;

    void record(std::span<const Notification> batch) override;
    std::vector<PendingProcess> pending_processes() override;
    std::uint64_t close_pending_of(const ClientProcess& process, const std::string& reason) override;
    std::uint64_t close_pending_before(std::int64_t time, const std::string& reason) override;
    std::uint64_t forget_before(std::int64_t time, std::uint64_t most) override;
    void find(const Query& query, const std::function<bool(const Operation&)>& row,
              const std::function<bool()>& go_on) override;
    StoreCounts counts() override;

private:
    /// Statements that write; a read-only store has none.
    struct Writer {
        explicit Writer(Database& database)
            : frames(database), operations(database), inference(database), counters(database) {}
        FrameTable frames;
        OperationTable operations;
        RemoteInference inference;
        CounterWriter counters;
    };

    Writer& writer();
    [[noreturn]] void failed(const SqliteError& error);
    void record_one(const Notification& notification, StoreCounts& counts);

    /// Runs `change` in a transaction with the counters, and turns SQLite's errors into the store's.
    void write(const std::function<void(StoreCounts&)>& change);

    std::unique_ptr<Database> database_;
    std::filesystem::path file_;
    Clock clock_;
    std::string host_;
    std::uint64_t duplicates_ = 0;
    bool damaged_ = false; ///< met while it was open: the next start looks the database over
    std::unique_ptr<Writer> writer_;
};

} // namespace maptrail
