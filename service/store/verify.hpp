// Whether the history is what was recorded: walks the chain and compares each record with its entry.
#pragma once

#include "service/store/chain.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace maptrail {

/// What does not fit, in the order in which one entry's are told.
enum class Misfit : std::uint8_t {
    chain_broken,     ///< the entry before is missing
    entry_changed,    ///< the entry, or the hash of the one before it, is not what was written
    entry_unreadable, ///< the entry holds what none can hold
    content_changed,  ///< the record is not what was sealed
    altered_earlier,  ///< it was not, when MapTrail changed or removed it; the entry says so
    record_missing,   ///< the record is gone, and no later entry tells of it
    record_put_back,  ///< it was removed, which an entry tells of, and is there again
    id_reused,        ///< an entry says that it was removed, and a later one seals it
    never_sealed,     ///< the record has no entry
    beginning_untold, ///< no entry says where the chain begins
    schema_changed,   ///< the database's tables, indexes or triggers are not MapTrail's
    incident,         ///< the service noted something that it had not done
};

struct Finding {
    Misfit misfit = Misfit::chain_broken;
    std::uint64_t entry = 0;    ///< its number; 0: none
    std::int64_t operation = 0; ///< or, up to 0, which note the entry has
    std::int64_t time = 0;      ///< of the entry
    std::string name{};         ///< of what is not MapTrail's, or what was noted
};

/// What became of a head that was kept.
enum class HeadFate : std::uint8_t {
    found,
    missing,  ///< what was recorded last then is gone, or is not what it was
    cut_away, ///< retention has passed it
    unknown,  ///< it is not here, and without its number nobody can tell which of the two it is
};

/// Where the chain begins after retention cut off what lay before.
struct ChainStump {
    ChainHead last;        ///< that was cut off
    std::int64_t time = 0; ///< when
};

struct Verification {
    std::uint64_t entries = 0;  ///< of the chain
    std::uint64_t records = 0;  ///< compared with their entry
    std::uint64_t unproved = 0; ///< records older than the chain, of which it says nothing
    std::int64_t first_unproved = 0;
    std::uint64_t removed = 0; ///< records of which entries tell that retention, a vacuum or a rule removed them
    ChainHead head;
    std::int64_t head_time = 0;
    std::optional<ChainStump> stump;

    std::uint64_t misfits = 0;
    std::vector<Finding> findings; ///< of them the first, see most_findings

    std::optional<HeadFate> kept_head;  ///< of the head that was asked for
    std::uint64_t kept_head_number = 0; ///< where it was found
    // Of the records that it stands for, by later entries. MapTrail does both, and so can whoever adds entries.
    std::uint64_t changed_since = 0;
    std::uint64_t removed_since = 0;
    std::uint64_t cut_since = 0; ///< entries up to this one were cut off since; 0: none were

    [[nodiscard]] bool fits() const { return misfits == 0 && kept_head.value_or(HeadFate::found) == HeadFate::found; }
};

inline constexpr std::size_t most_findings = 20;

/// Reads the whole database, at one moment of it; it may be in use. `kept_head`: one that was told and kept; its number
/// may be 0. `progress` is called now and then with how many entries of how many are done; it may be empty. Throws
/// StoreError.
[[nodiscard]] Verification verify_history(const std::filesystem::path& file, const std::optional<ChainHead>& kept_head,
                                          const std::function<void(std::uint64_t, std::uint64_t)>& progress = {});

} // namespace maptrail
