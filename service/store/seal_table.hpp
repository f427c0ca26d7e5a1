// Writes the chain: an entry for each operation that a transaction inserts or changes, and for what it removes.
#pragma once

#include "service/store/chain.hpp"
#include "service/store/statement.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace maptrail {

/// SQLite itself tells it of each row that changes, so that nothing which writes can forget to.
class SealTable {
public:
    explicit SealTable(Database& database);
    SealTable(const SealTable&) = delete;
    SealTable& operator=(const SealTable&) = delete;
    ~SealTable();

    /// To be called when a transaction begins.
    void begin();

    /// Before it is committed: makes the entries. Throws StoreError.
    void seal(std::int64_t time);

    /// Deletes entries at the chain's front: so many at once, up to the first that was made after `time` or whose
    /// operation is still there.
    void cut_before(std::int64_t time, std::int64_t now);

    /// To be called when a transaction failed.
    void forget_cache() { head_.reset(); }

private:
    void noticed(int change, std::string_view table, std::int64_t id) noexcept;
    [[nodiscard]] bool exists(std::int64_t operation);
    void append(std::int64_t operation, std::int64_t time, std::string_view content, std::string_view removed);
    void append_removed(std::span<const std::int64_t> ids, std::int64_t time);

    Database& database_;
    Sha256Hasher hasher_;
    Statement row_;
    Statement exists_;
    Statement add_;
    Statement front_;
    Statement cut_;
    std::optional<ChainHead> head_;     ///< kept, so that entries which somebody else takes away leave a gap
    std::vector<std::int64_t> changed_; ///< ids, by the transaction
    std::vector<std::int64_t> removed_;
    std::int64_t first_inserted_ = std::numeric_limits<std::int64_t>::max(); ///< by the transaction; ids only rise
    bool missed_ = false; ///< a change was noticed, and there was no memory to keep it
    std::string bytes_;   ///< of one row
};

} // namespace maptrail
