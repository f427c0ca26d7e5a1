#include "service/drain/drain.hpp"

#include "service/drain/damage.hpp"
#include "service/inbox/envelope.hpp"
#include "service/inbox/group_set_record.hpp"
#include "service/inbox/loss_notice.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace maptrail {

namespace {

constexpr std::size_t most_records = 1'000;
constexpr std::size_t most_bytes = 1U << 20U;
constexpr std::uint64_t most_closed_at_once = 1'000;
constexpr std::chrono::milliseconds idle{250};

/// How long a stop goes on moving records. A stop has two seconds, and the inbox keeps what is left.
constexpr std::chrono::milliseconds last_batches{1'000};

/// Waits on a store that fails: long enough not to flood the log, short enough to recover soon.
constexpr std::chrono::milliseconds after_failure{500};

} // namespace

Drain::Drain(Inbox& inbox, Store& store, DrainSystem system, DrainOptions options)
    : inbox_(inbox), store_(store), system_(std::move(system)), options_(options), shrinker_(store, system_.clock),
      keep_(options.keep) {}

Drain::~Drain() {
    stop();
}

void Drain::start() {
    thread_ = std::thread([this] { run(); });
    flusher_ = std::thread([this] { flush(); });
}

void Drain::stop() {
    stop_.request();
    inbox_.wake();
    if (thread_.joinable()) {
        thread_.join();
    }
    if (flusher_.joinable()) {
        flusher_.join();
    }
}

DrainCounts Drain::counts() const {
    const std::scoped_lock lock(mutex_);
    return {
        stored_,    unreadable_,         failures_,       store_counts_,
        forgotten_, vacuum_.has_value(), vacuum_failure_, !sweep_failure_.empty() ? sweep_failure_ : shrink_failure_};
}

void Drain::look_at_store() {
    const StoreCounts counts = store_.counts();
    if (system_.ended) {
        system_.ended({counts.history, static_cast<std::int64_t>(counts.ended)});
    }
    const std::scoped_lock lock(mutex_);
    store_counts_ = counts;
}

void Drain::run() {
    try {
        look_at_store(); // so that its counts are there before anything was recorded
    } catch (const std::exception& error) {
        system_.error(std::string("the store's counts are not known: ") + error.what());
    }
    next_sweep_ = next_retention_ = std::chrono::steady_clock::now() + idle;
    while (!stop_.requested()) {
        const bool waiting = inbox_.wait(until_chores());
        if (waiting && records_.size() < most_records) {
            stop_.wait_for(options_.gather);
        }
        if ((waiting || damage_is_untold()) && !move_batch()) {
            stop_.wait_for(after_failure);
        }
        chores();
    }
    // What is still there then lies in the inbox until the next start.
    const auto end = std::chrono::steady_clock::now() + last_batches;
    while (std::chrono::steady_clock::now() < end && inbox_.wait(std::chrono::milliseconds(0)) && move_batch()) {
    }
    try {
        tell_head();
    } catch (const std::exception& error) {
        system_.error(std::string("the head of the history is not known: ") + error.what());
    }
}

/// How long there is nothing to do if nothing comes.
std::chrono::milliseconds Drain::until_chores() const {
    const auto left = std::min(next_retention_, next_sweep_) - std::chrono::steady_clock::now();
    return std::clamp(std::chrono::ceil<std::chrono::milliseconds>(left), std::chrono::milliseconds(1), idle);
}

bool Drain::move_batch() {
    try {
        move_records();
    } catch (const std::exception& error) {
        ++failures_;
        if (last_failure_ != error.what()) { // once, not twice a second
            last_failure_ = error.what();
            system_.error("the store does not take notifications, which stay in the inbox: " + last_failure_);
        }
        return false;
    }
    if (!last_failure_.empty()) {
        last_failure_.clear();
        system_.info("the store takes notifications again");
    }
    return true;
}

void Drain::move_records() {
    inbox_.read(most_records, most_bytes, records_);
    sort_records();
    look_for_damage(); // the reading may have met some
    if (records_.empty() && damage_.empty()) {
        return;
    }
    store_.keep_groups(group_sets_);
    losses_.insert(losses_.end(), damage_.begin(), damage_.end());
    store_.record(batch_, losses_);
    damage_.clear();
    look_at_store();
    std::size_t not_kept = 0;
    for (const std::size_t index : unreadable_records_) {
        not_kept += inbox_.keep_aside(index, records_[index]) ? 0 : 1;
    }
    inbox_.release(records_.size());
    stored_ += batch_.size();
    unreadable_ += unreadable_records_.size();
    if (system_.stored) {
        std::ranges::for_each(batch_, system_.stored);
    }
    tell_matched();
    tell_losses();
    tell_tampering();
    if (!unreadable_records_.empty()) { // now that they are gone, and not each time that the store fails with them
        system_.error("records of the inbox that are no notification: " + std::to_string(unreadable_records_.size()) +
                      " (" + unreadable_reason_ + ")" +
                      (not_kept == 0 ? "" : "; not kept in quarantine: " + std::to_string(not_kept)));
    }
}

void Drain::tell_matched() {
    for (const Operation& operation : store_.take_matched()) {
        if (system_.matched) {
            system_.matched(operation);
        }
    }
}

void Drain::tell_tampering() {
    for (const std::string& what : store_.take_tampering()) {
        system_.error("the history was changed, and not by MapTrail: " + what + "; `maptrail verify` tells more");
        if (system_.tampering) {
            system_.tampering(what);
        }
    }
}

void Drain::tell_losses() {
    for (const Loss& loss : losses_) {
        if (system_.lost) {
            system_.lost(loss);
        }
    }
}

/// Into notifications, sets of groups, losses, and what is none of them.
void Drain::sort_records() {
    batch_.clear();
    losses_.clear();
    group_sets_.clear();
    unreadable_records_.clear();
    for (std::size_t i = 0; i < records_.size(); ++i) {
        if (GroupSet set; decode_group_set(records_[i], set)) {
            group_sets_.push_back(std::move(set));
            continue;
        }
        Notification notification;
        Loss loss;
        const bool is_loss = is_loss_notice(records_[i]);
        const EnvelopeError error = is_loss ? EnvelopeError::none : decode_envelope(records_[i], notification);
        if (is_loss && decode_loss_notice(records_[i], loss)) {
            system_.fill_in_names(loss.identity);
            losses_.push_back(std::move(loss));
        } else if (!is_loss && error == EnvelopeError::none) {
            system_.fill_in_names(notification.identity);
            batch_.push_back(std::move(notification));
        } else {
            unreadable_records_.push_back(i);
            unreadable_reason_ = is_loss ? "bad loss notice" : name_of(error);
            losses_.push_back(unreadable_record(unreadable_reason_, system_.clock()));
        }
    }
}

bool Drain::damage_is_untold() const {
    return !damage_.empty() || inbox_.counts().damaged != damage_told_;
}

void Drain::look_for_damage() {
    const InboxCounts counts = inbox_.counts();
    if (counts.damaged != damage_told_) {
        damage_.push_back(
            damaged_stretches(counts.damaged - damage_told_, counts.not_kept - damage_not_kept_, system_.clock()));
        damage_told_ = counts.damaged;
        damage_not_kept_ = counts.not_kept;
    }
}

void Drain::keep_config(const ConfigVersion& version, std::string text) {
    const std::scoped_lock lock(mutex_);
    configs_.emplace_back(version, std::move(text));
}

void Drain::store_configs() {
    for (;;) {
        std::pair<ConfigVersion, std::string> config;
        {
            const std::scoped_lock lock(mutex_);
            if (configs_.empty()) {
                return;
            }
            config = configs_.front();
        }
        store_.keep_config(config.first, config.second);
        const std::scoped_lock lock(mutex_);
        configs_.erase(configs_.begin());
    }
}

void Drain::chores() {
    const auto now = std::chrono::steady_clock::now();
    try {
        sweep_if_due(now);
        if (now >= next_head_) {
            next_head_ = now + options_.retention_again; // if it fails
            tell_head();
            next_head_ = now + options_.head_every;
        }
        store_configs();
    } catch (const std::exception& error) {
        chore_failed(sweep_failure_, error.what());
    }
    try {
        shrink_if_due(now);
    } catch (const std::exception& error) {
        next_retention_ = now + options_.retention_again;
        {
            const std::scoped_lock lock(mutex_);
            if (vacuum_) { // whoever asked for it sees that it failed, and asks again
                vacuum_failure_ = error.what();
                vacuum_.reset();
            }
        }
        chore_failed(shrink_failure_, error.what());
    }
}

void Drain::chore_failed(std::string& last, const std::string& why) {
    ++failures_;
    const std::scoped_lock lock(mutex_);
    if (last != why) { // once, not each time
        last = why;
        system_.error("a chore of the store failed: " + why);
    }
}

void Drain::sweep_if_due(std::chrono::steady_clock::time_point now) {
    if (sweep_is_due(now)) {
        const auto due = std::exchange(next_sweep_, now + options_.sweep_every);
        if (!sweep()) {
            next_sweep_ = due; // and if it was overdue, it still is
        }
        const std::scoped_lock lock(mutex_);
        sweep_failure_.clear();
    }
}

void Drain::shrink_if_due(std::chrono::steady_clock::time_point now) {
    {
        const std::scoped_lock lock(mutex_);
        if (!std::exchange(keep_changed_, false) && now < next_retention_) {
            return;
        }
    }
    const auto begin = std::chrono::steady_clock::now();
    const bool more = shrink();
    const auto end = std::chrono::steady_clock::now();
    // As long a pause as the step took, also when records come: retention never takes more than half.
    next_retention_ = end + (more ? end - begin : options_.retention_every);
    const std::scoped_lock lock(mutex_);
    shrink_failure_.clear();
}

/// With the inbox empty, a process that is gone has nothing left in it that could complete an operation. Under lasting
/// load it never is; then an operation may be closed whose after-call still waits, and completes it when it is stored.
bool Drain::sweep_is_due(std::chrono::steady_clock::time_point now) {
    return now >= next_sweep_ &&
           (now >= next_sweep_ + options_.sweep_overdue || !inbox_.wait(std::chrono::milliseconds(0)));
}

/// False: there is more to close.
bool Drain::sweep() {
    const bool closed_all = close_pending();
    tell_matched();
    tell_tampering();
    if (system_.swept) {
        system_.swept();
    }
    if (!inbox_.wait(std::chrono::milliseconds(0))) { // else a number that seems to be missing may be in it
        settle_gaps();
    }
    look_at_store();
    return closed_all;
}

/// At most so many at once that a chore never holds up a batch for long. False: there may be more.
bool Drain::close_pending() {
    std::vector<ClientProcess> ended;
    std::uint64_t operations = 0;
    for (PendingProcess& pending : store_.pending_processes()) {
        if (operations >= most_closed_at_once) {
            break;
        }
        if (!system_.is_running(pending.process)) {
            operations += pending.operations;
            ended.push_back(std::move(pending.process));
        }
    }
    const std::uint64_t closed =
        ended.empty() ? 0
                      : store_.close_pending_of(ended, "the program ended before the operation's end was notified",
                                                most_closed_at_once);
    if (closed >= most_closed_at_once) {
        return false;
    }
    const std::uint64_t left = most_closed_at_once - closed;
    return store_.close_pending_before(system_.clock() - options_.give_up.count(),
                                       "no end of the operation was notified within a day", left) < left;
}

void Drain::settle_gaps() {
    GapRules rules;
    rules.now = std::chrono::steady_clock::now();
    rules.grace = options_.gap_grace;
    rules.longest = options_.give_up;
    // What the spool held is in the inbox before it is clear, and in the store when the inbox is empty after that.
    rules.spool_is_clear = [this](std::chrono::steady_clock::time_point since) {
        return (!system_.spool_is_clear || system_.spool_is_clear(since)) && !inbox_.wait(std::chrono::milliseconds(0));
    };
    if (const std::uint64_t lost = store_.settle_gaps(rules); lost != 0) {
        system_.error("notifications that never arrived: " + std::to_string(lost) +
                      "; `maptrail history --action loss` shows whose");
        if (system_.lost) {
            Loss gap;
            gap.kind = LossKind::gap;
            gap.count = lost;
            gap.reason = "notifications that programs made never arrived; `maptrail history --action loss` shows whose";
            system_.lost(gap);
        }
    }
}

void Drain::keep(const Retention& keep) {
    const std::scoped_lock lock(mutex_);
    keep_changed_ = keep_changed_ || keep != keep_;
    keep_ = keep;
}

void Drain::vacuum(const Retention& keep) {
    {
        const std::scoped_lock lock(mutex_);
        vacuum_ = vacuum_ ? stricter(*vacuum_, keep) : keep;
        vacuum_failure_.clear();
        keep_changed_ = true;
    }
    inbox_.wake();
}

bool Drain::shrink() {
    Retention keep;
    std::optional<Retention> asked;
    {
        const std::scoped_lock lock(mutex_);
        asked = vacuum_;
        keep = asked ? stricter(keep_, *asked) : keep_;
    }
    if (keep == Retention{} && !asked) {
        return false;
    }
    const auto [forgotten, more] = shrinker_.step(keep, asked.has_value());
    look_at_store();
    tell_tampering();
    forgotten_now_ += forgotten;
    {
        const std::scoped_lock lock(mutex_);
        forgotten_ += forgotten;
    }
    if (!more) {
        shrunk(asked);
    }
    return more;
}

void Drain::shrunk(const std::optional<Retention>& asked) {
    const std::uint64_t forgotten = std::exchange(forgotten_now_, 0);
    if (forgotten != 0 || asked) {
        std::uint64_t bytes = 0;
        {
            const std::scoped_lock lock(mutex_);
            bytes = store_counts_.bytes;
        }
        system_.info((asked ? "vacuum" : "retention") + std::string(": forgot ") + std::to_string(forgotten) +
                     " operations; the database has " + std::to_string(bytes >> 20U) + " MiB");
    }
    // Last, so that who waits for its end finds it in the log.
    const std::scoped_lock lock(mutex_);
    if (vacuum_ == asked) { // else somebody asked for more meanwhile
        vacuum_.reset();
    }
}

void Drain::tell_head() {
    if (!system_.head) {
        return;
    }
    const ChainHead head = store_.head();
    if (head.number != 0 && head != told_head_) {
        told_head_ = head;
        system_.head(head);
    }
}

void Drain::flush() {
    bool failed = false;
    while (!stop_.wait_for(options_.flush_every)) {
        const bool succeeded = inbox_.flush();
        if (!succeeded && !failed) {
            system_.error("the inbox can't be flushed to the disk: a power cut would lose what it holds");
        }
        failed = !succeeded;
    }
    (void)inbox_.flush();
}

} // namespace maptrail
