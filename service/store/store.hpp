// Where operations are kept. The drain thread writes; queries may run beside it on a store of their own.
#pragma once

#include "common/model/group_set.hpp"
#include "common/model/loss.hpp"
#include "common/model/notification.hpp"
#include "common/model/operation.hpp"
#include "common/model/retention.hpp"
#include "service/query/query.hpp"
#include "service/store/chain.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace maptrail {

class StoreError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The file is damaged or no database at all: to be moved aside whole, with the -wal and -shm files beside it.
class StoreDamaged : public StoreError {
public:
    using StoreError::StoreError;
};

/// The file cannot be opened, or is not to be seen: perhaps it takes other rights.
class StoreRefused : public StoreError {
public:
    using StoreError::StoreError;
};

/// Nanoseconds since 1970, UTC. Injected, so that a test decides what time it is.
using Clock = std::function<std::int64_t()>;

struct StoreCounts {
    std::uint64_t operations = 0;
    std::uint64_t pending = 0;
    std::uint64_t notifications = 0; ///< frames that were ever stored, each once
    std::uint64_t duplicates = 0;    ///< frames that had been stored before (since this store was opened)
    std::uint64_t losses = 0;        ///< rows of the history that tell of missing notifications
    std::uint64_t dropped = 0;       ///< operations that rules kept out of it, ever
    std::uint64_t ended = 0;         ///< the last place that was given: Operation::place
    std::uint64_t forgotten = 0;     ///< the last place of an operation that retention deleted
    std::uint64_t history = 0;       ///< Place::history, of both

    std::uint64_t bytes = 0;      ///< of the database; what is not written back into it yet counts too
    std::uint64_t free_bytes = 0; ///< of them, to be used again or given back

    // Over all producers, ever. Once gaps are settled: notifications + lost + quarantined = sent.
    std::uint64_t sent = 0;        ///< by the numbers that producers gave their frames
    std::uint64_t lost = 0;        ///< never arrived
    std::uint64_t quarantined = 0; ///< never arrived as they were, and known to be damaged or refused
};

/// When a number that was passed over counts as lost.
struct GapRules {
    std::chrono::steady_clock::time_point now{};
    std::chrono::nanoseconds grace{}; ///< after a sweep has noticed it
    /// Whether a complete scan of the spool that began after that moment found nothing left. Empty: there is no spool.
    std::function<bool(std::chrono::steady_clock::time_point)> spool_is_clear{};
    std::chrono::nanoseconds longest = std::chrono::hours(24); ///< later than that, whatever the spool still holds
};

/// A program that may still deliver an after-call.
struct PendingProcess {
    ClientProcess process;
    std::uint64_t operations = 0;
};

/// Every call may throw StoreError, and leaves the database as it was before the call. A store belongs to one thread at
/// a time.
class Store {
public:
    Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    virtual ~Store() = default;

    /// Stores a batch in one transaction: all of it or, with an exception, nothing of it. A frame that is stored
    /// already (same producer and sequence) is counted and passed over, so a batch may be given again; so is a loss
    /// with an id that is known.
    virtual void record(std::span<const Notification> batch, std::span<const Loss> losses = {}) = 0;

    /// Keeps the text of a configuration that judges from now on, once.
    virtual void keep_config(const ConfigVersion& version, const std::string& text) = 0;

    /// The text of one that was kept, by its short_version(); nothing of any other.
    virtual std::optional<std::string> config_of(std::uint64_t version) = 0;

    /// Keeps sets of groups, each once, for the notifications that name them.
    virtual void keep_groups(std::span<const GroupSet> sets) = 0;

    /// The SIDs of a set that was kept; nothing of any other.
    virtual std::optional<std::vector<std::string>> groups_of(std::uint64_t id) = 0;

    /// The operations that ended since the last call and that rules matched: what effects and alerts are made of. Each
    /// with those of its matched rules that were not given before, so each match is given once; also one that is not
    /// in the history, because a rule dropped it: its id is 0.
    virtual std::vector<Operation> take_matched() = 0;

    /// Looks for numbers of producers that never arrived, and tells of those that are final. To be called again and
    /// again, when all that arrived is recorded. Returns how many notifications were found lost. One that arrives later
    /// after all is taken out of its loss again.
    virtual std::uint64_t settle_gaps(const GapRules& rules) = 0;

    /// The processes that have operations without an after-call.
    virtual std::vector<PendingProcess> pending_processes() = 0;

    /// Closes at most `most` pending operations of those processes as unknown. Returns how many.
    virtual std::uint64_t close_pending_of(std::span<const ClientProcess> processes, const std::string& reason,
                                           std::uint64_t most) = 0;

    /// Closes at most `most` pending operations that started before `time` as unknown. Returns how many.
    virtual std::uint64_t close_pending_before(std::int64_t time, const std::string& reason, std::uint64_t most) = 0;

    /// Deletes at most `most` finished operations and losses that started before `time`, and of the chain's front what
    /// was sealed before it. Returns how many operations.
    virtual std::uint64_t forget_before(std::int64_t time, std::uint64_t most) = 0;

    /// Before which time operations have to go, so that no more is left than `keep` says but for its age: a time that
    /// costs at most `most` of them, so it may have to be asked again. Nothing: no more than that is there.
    virtual std::optional<std::int64_t> surplus_before(const Retention& keep, std::uint64_t most) = 0;

    /// Gives at most `bytes` of what is free in the database back to the file system. Returns how much of it can still
    /// be given back. Databases that were made before schema 5 keep theirs: 0.
    virtual std::uint64_t give_back(std::uint64_t bytes) = 0;

    /// Calls `row` for each operation that fits, in the query's order, until it returns false. Operations that are
    /// stored meanwhile are left out. A slow `row` holds nobody up. `go_on` is asked now and then, also while nothing
    /// fits, and ends the search with false. Returns how far the answer went.
    virtual Reached find(const Query& query, const std::function<bool(const Operation&)>& row,
                         const std::function<bool()>& go_on = {}) = 0;

    /// What of the database somebody else has changed, as far as writing met with it since the last call: a sentence
    /// each, a hundred at most. verify_history() tells it too, and more.
    virtual std::vector<std::string> take_tampering() = 0;

    virtual StoreCounts counts() = 0;

    /// Of the chain over the history.
    virtual ChainHead head() = 0;
};

enum class StoreMode { read_write, read_only };

/// Opens the database; makes it, or migrates it to this version's schema, in read_write mode. `host` is stored with
/// each new operation. Throws StoreError, whose text names the file and what to do. read_only takes a database that
/// somebody writes, and also a copy, with or without its -wal file, in a folder that lets nobody write.
std::unique_ptr<Store> open_store(const std::filesystem::path& file, StoreMode mode, Clock clock, std::string host);

} // namespace maptrail
