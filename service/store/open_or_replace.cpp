#include "service/store/open_or_replace.hpp"

#include "service/text/utf.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace maptrail {

namespace {

/// "history.db" to "history.db.damaged-<seconds since 1970>", with what SQLite keeps beside it: a -wal file that stayed
/// behind would be taken for the new database's.
std::filesystem::path move_aside(const std::filesystem::path& file, std::int64_t now) {
    constexpr std::int64_t second = 1'000'000'000;
    std::filesystem::path target;
    for (std::int64_t number = now / second;; ++number) {
        target = file;
        target += ".damaged-" + std::to_string(number);
        if (!std::filesystem::exists(target)) {
            break;
        }
    }
    std::vector<std::pair<std::filesystem::path, std::filesystem::path>> moved;
    try {
        for (const char* suffix : {"-wal", "-shm", ""}) {
            std::filesystem::path from = file;
            from += suffix;
            std::filesystem::path to = target;
            to += suffix;
            if (std::filesystem::exists(from)) {
                std::filesystem::rename(from, to);
                moved.emplace_back(std::move(from), std::move(to));
            }
        }
    } catch (const std::filesystem::filesystem_error&) {
        // The -wal file may hold most of what can be saved: it must not be parted from a database that stays.
        for (const auto& [from, to] : moved) {
            std::error_code ignored; // what is reported is why the move failed
            std::filesystem::rename(to, from, ignored);
        }
        throw;
    }
    return target;
}

constexpr std::size_t most_group_bytes = 8U << 20U;

std::size_t bytes_of(const GroupSet& set) {
    std::size_t bytes = sizeof set;
    for (const std::string& sid : set.sids) {
        bytes += sizeof(std::string) + sid.size();
    }
    return bytes;
}

/// Puts a new store into the place of one that turns out to be damaged, also while it is in use.
class ReplacingStore final : public Store {
public:
    using Report = std::function<void(const std::string&)>;

    ReplacingStore(std::filesystem::path file, Clock clock, std::string host, Report report)
        : file_(std::move(file)), clock_(std::move(clock)), host_(std::move(host)), report_(std::move(report)) {
        try {
            store_ = open();
        } catch (const StoreDamaged& damage) {
            damage_ = damage.what();
            replace();
        }
    }

    void record(std::span<const Notification> batch, std::span<const Loss> losses) override {
        with([&](Store& store) { store.record(batch, losses); });
    }
    void keep_config(const ConfigVersion& version, const std::string& text) override {
        with([&](Store& store) { store.keep_config(version, text); });
        config_.emplace(version, text);
    }
    std::optional<std::string> config_of(std::uint64_t version) override {
        return with([&](Store& store) { return store.config_of(version); });
    }
    void keep_groups(std::span<const GroupSet> sets) override {
        with([&](Store& store) { store.keep_groups(sets); });
        remember(sets);
    }
    std::optional<std::vector<std::string>> groups_of(std::uint64_t id) override {
        return with([&](Store& store) { return store.groups_of(id); });
    }
    std::vector<Operation> take_matched() override {
        return with([](Store& store) { return store.take_matched(); });
    }
    std::vector<std::string> take_tampering() override {
        return with([](Store& store) { return store.take_tampering(); });
    }
    std::uint64_t settle_gaps(const GapRules& rules) override {
        return with([&](Store& store) { return store.settle_gaps(rules); });
    }
    std::vector<PendingProcess> pending_processes() override {
        return with([](Store& store) { return store.pending_processes(); });
    }
    std::uint64_t close_pending_of(std::span<const ClientProcess> processes, const std::string& reason,
                                   std::uint64_t most) override {
        return with([&](Store& store) { return store.close_pending_of(processes, reason, most); });
    }
    std::uint64_t close_pending_before(std::int64_t time, const std::string& reason, std::uint64_t most) override {
        return with([&](Store& store) { return store.close_pending_before(time, reason, most); });
    }
    std::uint64_t forget_before(std::int64_t time, std::uint64_t most) override {
        return with([&](Store& store) { return store.forget_before(time, most); });
    }
    std::optional<std::int64_t> surplus_before(const Retention& keep, std::uint64_t most) override {
        return with([&](Store& store) { return store.surplus_before(keep, most); });
    }
    std::uint64_t give_back(std::uint64_t bytes) override {
        return with([&](Store& store) { return store.give_back(bytes); });
    }
    Reached find(const Query& query, const std::function<bool(const Operation&)>& row,
                 const std::function<bool()>& go_on) override {
        return with([&](Store& store) { return store.find(query, row, go_on); });
    }
    StoreCounts counts() override {
        return with([](Store& store) { return store.counts(); });
    }
    ChainHead head() override {
        return with([](Store& store) { return store.head(); });
    }

private:
    template <typename Call>
    std::invoke_result_t<const Call&, Store&> with(const Call& call) {
        if (!store_) {
            replace();
        }
        try {
            return call(*store_);
        } catch (const StoreDamaged& damage) {
            damage_ = damage.what();
        }
        store_.reset(); // an open file cannot be moved
        replace();
        return call(*store_);
    }

    [[nodiscard]] std::unique_ptr<Store> open() const {
        return open_store(file_, StoreMode::read_write, clock_, host_);
    }

    /// What cannot be done now (somebody has the file open, the disk is full) is tried again with the next call.
    void replace() {
        if (!damage_.empty()) {
            std::string aside;
            try {
                aside = to_utf8(move_aside(file_, clock_()).u16string());
            } catch (const std::filesystem::filesystem_error& error) {
                throw StoreError(damage_ + "; and it can't be moved aside: " + error.what());
            }
            report_(damage_ + "; it was moved aside to " + aside + " and a new history begins");
            damage_.clear();
            Loss& loss = untold_.emplace();
            loss.id = new_loss_id();
            loss.time = std::clamp(clock_(), earliest_recorded, latest_recorded);
            loss.reason = "the history before this was damaged and was moved aside to " + aside + "; check the disk";
        }
        auto fresh = open();
        // What comes will name them, and nobody tells of them twice.
        if (config_) {
            fresh->keep_config(config_->first, config_->second);
        }
        for (const GroupSet& set : group_sets_) {
            fresh->keep_groups(std::span(&set, 1));
        }
        if (untold_) {
            fresh->record({}, std::span(&*untold_, 1));
            untold_.reset();
        }
        store_ = std::move(fresh);
    }

    /// Those of the latest frames that name new ones. An older one would be missing from a new history.
    void remember(std::span<const GroupSet> sets) {
        for (const GroupSet& set : sets) {
            group_bytes_ += bytes_of(set);
            group_sets_.push_back(set);
        }
        while (group_bytes_ > most_group_bytes) {
            group_bytes_ -= bytes_of(group_sets_.front());
            group_sets_.pop_front();
        }
    }

    std::filesystem::path file_;
    Clock clock_;
    std::string host_;
    Report report_;
    std::unique_ptr<Store> store_; ///< null while it could not be replaced
    std::string damage_;           ///< of the file that has to be moved aside; else empty
    std::optional<Loss> untold_;   ///< the new history begins with it
    std::optional<std::pair<ConfigVersion, std::string>> config_; ///< in force
    std::deque<GroupSet> group_sets_;
    std::size_t group_bytes_ = 0;
};

} // namespace

std::unique_ptr<Store> open_or_replace_store(const std::filesystem::path& file, Clock clock, std::string host,
                                             const std::function<void(const std::string&)>& report) {
    return std::make_unique<ReplacingStore>(file, std::move(clock), std::move(host), report);
}

} // namespace maptrail
