// Moves what lies in the inbox to the store, and does the store's chores. The one thread that writes to the store.
#pragma once

#include "service/drain/shrinker.hpp"
#include "service/drain/stop_signal.hpp"
#include "service/inbox/inbox.hpp"
#include "service/store/store.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace maptrail {

/// What the drain asks of the system it runs on.
struct DrainSystem {
    std::function<void(Identity&)> fill_in_names;         ///< user and domain, from the SID
    std::function<bool(const ClientProcess&)> is_running; ///< whether it may still send an after-call
    Clock clock;                                          ///< for retention, and the time of losses
    /// See GapRules; empty while there is no spool.
    std::function<bool(std::chrono::steady_clock::time_point)> spool_is_clear;
    /// Each notification that the store has from now on. May be empty.
    std::function<void(const Notification&)> stored;
    /// What the store has and did not have before: an operation that rules matched, see Store::take_matched(), and a
    /// loss; of a gap without its producer. May be empty.
    std::function<void(const Operation&)> matched;
    std::function<void(const Loss&)> lost;
    std::function<void(const std::string&)> tampering; ///< see Store::take_tampering(); may be empty
    std::function<void(const Place&)> ended; ///< the last one that was given, after each batch and sweep; may be empty
    std::function<void()> swept;             ///< called with each sweep; may be empty
    std::function<void(const ChainHead&)> head;    ///< of the history, from time to time; may be empty
    std::function<void(const std::string&)> info;  ///< one line for the log
    std::function<void(const std::string&)> error; ///< the same
};

struct DrainOptions {
    /// How long the first of a batch waits for others. Each batch costs a handful of writes, which under load go from
    /// what the senders have left of the machine.
    std::chrono::milliseconds gather{20};
    std::chrono::milliseconds sweep_every{2'000};    ///< if the inbox is empty then
    std::chrono::milliseconds sweep_overdue{30'000}; ///< later than that, also if it is not
    std::chrono::milliseconds gap_grace{30'000};     ///< what arrives later than its successors has that long to come
    std::chrono::milliseconds retention_every{3'600'000};
    std::chrono::milliseconds retention_again{60'000};        ///< after it failed
    std::chrono::milliseconds head_every{3'600'000};          ///< if it changed; and at the start and the stop
    Retention keep;                                           ///< more than that goes
    std::chrono::nanoseconds give_up{std::chrono::hours(24)}; ///< on an after-call of a process that still runs
    std::chrono::milliseconds flush_every{250};               ///< of the inbox to the disk
};

struct DrainCounts {
    std::uint64_t stored = 0;     ///< notifications
    std::uint64_t unreadable = 0; ///< records of the inbox that were no notification
    std::uint64_t failures = 0;   ///< writes to the store that failed; their records stay in the inbox
    StoreCounts store;            ///< as of the last batch or sweep
    std::uint64_t forgotten = 0;  ///< operations that retention and vacuum() deleted
    bool vacuuming = false;       ///< vacuum() was called and is not done yet
    std::string vacuum_failure;   ///< of the last that was asked for; empty: none
    std::string chore_failure;    ///< of the store's last chore; empty: none
};

class Drain {
public:
    /// `inbox` and `store` must outlive it.
    Drain(Inbox& inbox, Store& store, DrainSystem system, DrainOptions options);
    Drain(const Drain&) = delete;
    Drain& operator=(const Drain&) = delete;
    ~Drain();

    /// Once in its life.
    void start();

    /// Goes on for a second with what is left, unless the store fails, and ends the thread.
    void stop();

    /// Keeps the text of a configuration that judges from now on. Any thread; stored soon.
    void keep_config(const ConfigVersion& version, std::string text);

    /// Changes DrainOptions::keep, which is looked at soon. Any thread.
    void keep(const Retention& keep);

    /// Deletes, once, what is more than that, and gives all that is free in the database back. Any thread; counts()
    /// says when it is done.
    void vacuum(const Retention& keep);

    [[nodiscard]] DrainCounts counts() const;

private:
    void run();
    [[nodiscard]] std::chrono::milliseconds until_chores() const;
    /// One group commit. False if the store failed.
    bool move_batch();
    void move_records();
    void sort_records();
    void store_configs();
    void look_for_damage();
    void tell_matched();
    void tell_losses();
    void tell_tampering();
    [[nodiscard]] bool damage_is_untold() const;
    void chores();
    void chore_failed(std::string& last, const std::string& why);
    void sweep_if_due(std::chrono::steady_clock::time_point now);
    void shrink_if_due(std::chrono::steady_clock::time_point now);
    [[nodiscard]] bool sweep_is_due(std::chrono::steady_clock::time_point now);
    bool sweep();
    bool close_pending();
    void settle_gaps();
    /// A step of retention, or of vacuum(). Whether there is more to do.
    bool shrink();
    void shrunk(const std::optional<Retention>& asked);
    void flush();
    void look_at_store();
    void tell_head();

    Inbox& inbox_;
    Store& store_;
    DrainSystem system_;
    DrainOptions options_;
    InboxRecords records_;
    std::vector<Notification> batch_;
    std::vector<GroupSet> group_sets_;            ///< of the batch
    std::vector<Loss> losses_;                    ///< that the batch's records tell of
    std::vector<std::size_t> unreadable_records_; ///< of the batch
    std::string unreadable_reason_;               ///< of the last of them
    std::vector<Loss> damage_;                    ///< of the inbox itself, until the store has it
    std::uint64_t damage_told_ = 0;               ///< so much of InboxCounts::damaged went into damage_
    std::uint64_t damage_not_kept_ = 0;
    std::chrono::steady_clock::time_point next_sweep_{};
    std::chrono::steady_clock::time_point next_retention_{};
    std::chrono::steady_clock::time_point next_head_{};
    ChainHead told_head_;
    Shrinker shrinker_;
    std::uint64_t forgotten_now_ = 0; ///< since retention last had nothing to do
    std::string last_failure_;        ///< of a batch
    std::atomic<std::uint64_t> stored_{0};
    std::atomic<std::uint64_t> unreadable_{0};
    std::atomic<std::uint64_t> failures_{0};
    mutable std::mutex mutex_; ///< of what follows, to configs_
    StoreCounts store_counts_;
    Retention keep_;
    bool keep_changed_ = false;       ///< or a vacuum was asked for: at once
    std::optional<Retention> vacuum_; ///< that was asked for
    std::uint64_t forgotten_ = 0;
    std::string vacuum_failure_;
    std::string sweep_failure_;                                  ///< empty after one that succeeded
    std::string shrink_failure_;                                 ///< the same
    std::vector<std::pair<ConfigVersion, std::string>> configs_; ///< that are not stored yet
    StopSignal stop_;
    std::thread thread_;
    std::thread flusher_;
};

} // namespace maptrail
