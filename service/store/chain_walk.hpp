// From the chain's last entry to its first. The first entry of an operation that is met is its latest: the record has
// to fit that one.
#pragma once

#include "service/store/chain_beginning.hpp"
#include "service/store/database.hpp"
#include "service/store/hash_check.hpp"
#include "service/store/id_set.hpp"
#include "service/store/statement.hpp"
#include "service/store/verify.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace maptrail {

class ChainWalk {
public:
    using Progress = std::function<void(std::uint64_t, std::uint64_t)>;

    /// All must outlive it.
    ChainWalk(Database& database, const std::optional<ChainHead>& kept_head, const Progress& progress);

    /// Once.
    [[nodiscard]] Verification run();

private:
    struct Read {
        StoredEntry stored;
        std::string note;       ///< of an entry that has one
        bool is_latest = false; ///< its content is to be compared
    };

    void walk_entries();
    std::optional<ChainHead> walk_stretch(std::int64_t last);
    [[nodiscard]] std::optional<ChainHead> last_up_to(std::int64_t number);
    void read_stretch(std::int64_t last);
    void look_at(Read& read);
    void look_at_note(Read& read);
    void look_at_ids(const Read& read, const std::vector<std::int64_t>& ids);
    void look_at_beginning();
    void look_at_incident(const Read& read);
    [[nodiscard]] bool is_past_kept_head() const { return kept_head_ && !result_.kept_head; }
    void read_content(Read& read);
    void look_for_unsealed();
    void compare_with_kept(const ChainHead& head);
    void add(Misfit misfit, const ChainEntry& entry);

    const std::optional<ChainHead>& kept_head_;
    const Progress& progress_;
    Database& database_;
    Statement last_;
    Statement entries_;
    Statement record_;
    Statement ids_;
    IdSet sealed_;  ///< operations whose latest entry was met
    IdSet removed_; ///< that an entry says were removed
    IdSet later_;   ///< operations of which an entry after the kept head tells
    IdSet counted_; ///< of them, those that it stands for
    std::optional<ChainBeginning> beginning_;
    std::int64_t beginning_time_ = 0;
    std::uint64_t beginning_number_ = 0; ///< of its entry
    std::vector<Read> stretch_;          ///< entries that follow each other
    HashCheck hashes_;
    Verification result_;
};

} // namespace maptrail
