// From the chain's last entry to its first. The first entry of an operation that is met is its latest: the record has
// to fit that one.
#pragma once

#include "service/store/database.hpp"
#include "service/store/hash_check.hpp"
#include "service/store/id_set.hpp"
#include "service/store/statement.hpp"
#include "service/store/verify.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace maptrail {

class ChainWalk {
public:
    using Progress = std::function<void(std::uint64_t, std::uint64_t)>;

    /// All must outlive it.
    ChainWalk(Database& database, const std::optional<ChainHead>& kept_head, const Progress& progress);

    /// Once.
    [[nodiscard]] Verification run();

private:
    void walk_entries();
    [[nodiscard]] std::optional<StoredEntry> next_entry();
    void read_record(StoredEntry& stored);
    void read_removals(StoredEntry& stored);
    void join(StoredEntry& later, const StoredEntry& earlier);
    void end_chain(StoredEntry& first);
    void look_for_unsealed();
    void compare_with_kept(const ChainHead& head);
    void add(Misfit misfit, const ChainEntry& entry);

    const std::optional<ChainHead>& kept_head_;
    const Progress& progress_;
    std::int64_t sealed_from_;
    Statement entries_;
    Statement record_;
    Statement ids_;
    IdSet sealed_;  ///< operations whose latest entry was met
    IdSet removed_; ///< that an entry says were removed
    HashCheck hashes_;
    Verification result_;
};

} // namespace maptrail
