// Seals what transactions write: an entry of the chain for each operation that one inserts or changes, and for what it
// removes.
#pragma once

#include "service/store/chain_beginning.hpp"
#include "service/store/chain_writer.hpp"
#include "service/store/statement.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace maptrail {

/// SQLite itself tells it of each row that changes, and of what it was before, so that nothing which writes can forget
/// to. What was not as it had been sealed is told by an entry before it is sealed anew.
class SealTable {
public:
    explicit SealTable(Database& database);
    SealTable(const SealTable&) = delete;
    SealTable& operator=(const SealTable&) = delete;
    ~SealTable();

    /// To be called when a transaction begins.
    void begin();

    /// To be called when it was committed, or failed.
    void committed();
    void rolled_back();

    /// Others write too: nothing of what was there is remembered from one transaction to the next.
    void forget();

    /// Something was found that MapTrail has not done: the next transaction's entries tell it.
    void tell(std::string incident) { incidents_.push_back(std::move(incident)); }

    /// Before it is committed: makes the entries. Throws StoreError.
    void seal(std::int64_t time);

    /// Deletes entries at the chain's front: `most` at once, up to the first that was made after `time`. Operations
    /// that are still there are sealed anew, incidents noted anew, and entries that did not fit are told of.
    void cut_before(std::int64_t time, std::int64_t now, std::size_t most);

    /// What was found that MapTrail has not done, and committed since the last call; a sentence each.
    [[nodiscard]] std::vector<std::string> take_tampering() { return std::exchange(tampering_, {}); }

private:
    struct Change {
        int kind = 0; ///< SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE
        std::string_view table;
        std::int64_t old_id = 0;
        std::int64_t new_id = 0;
    };

    void noticed(const Change& change) noexcept;
    void keep_old(std::int64_t id);
    void compare_old();
    [[nodiscard]] bool was_sealed_so(std::int64_t id, const Sha256& row);
    void seal_anew(std::uint64_t number, std::int64_t operation);
    [[nodiscard]] bool digest_row(std::int64_t id, Sha256& digest);
    void append_ids(std::int64_t kind, std::int64_t time, const std::vector<std::int64_t>& ids);

    Database& database_;
    Sha256Hasher hasher_;
    ChainWriter chain_;
    Statement row_;
    Statement latest_;
    Statement front_;
    Statement cut_;
    std::optional<ChainBeginning> beginning_; ///< nothing: unknown yet, or somebody took it away
    bool looked_for_beginning_ = false;
    bool tell_beginning_ = false;       ///< by the transaction
    std::vector<std::int64_t> changed_; ///< ids, by the transaction
    std::vector<std::int64_t> removed_;
    /// Of rows that the transaction changed or removed, as it found them; nothing once that is compared.
    std::map<std::int64_t, std::optional<Sha256>> old_;
    std::vector<std::int64_t> found_altered_;                                ///< by the transaction
    std::int64_t first_inserted_ = std::numeric_limits<std::int64_t>::max(); ///< by the transaction; ids only rise
    bool missed_ = false;                ///< a change was noticed, and could not be kept
    std::string bytes_;                  ///< of one row
    std::vector<std::string> incidents_; ///< to be told by an entry
    std::set<std::string> carried_;      ///< incidents whose entries the transaction cuts off: their notes
    std::vector<std::string> found_;     ///< by the transaction, see take_tampering()
    std::vector<std::string> tampering_;
};

} // namespace maptrail
