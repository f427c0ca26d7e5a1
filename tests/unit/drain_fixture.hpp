// A drain between a real inbox and a store that shows what it was asked, and fails when a test wants it to.
#pragma once

#include "service/drain/drain.hpp"
#include "service/inbox/envelope.hpp"
#include "tests/unit/inbox_helpers.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace maptrail::drain_test {

inline constexpr std::int64_t hour = 3'600'000'000'000;
inline constexpr std::int64_t day = 24 * hour;
inline constexpr std::int64_t now = 1'700'000'000'000'000'000;

/// Five seconds at most.
inline bool eventually(const std::function<bool()>& condition) {
    for (int i = 0; i < 1'000; ++i) {
        if (condition()) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return condition();
}

/// What a FakeStore was asked, and how it is to behave.
struct StoreState {
    std::vector<Notification> stored;
    std::vector<Loss> losses;
    std::vector<std::pair<ConfigVersion, std::string>> configs;
    std::vector<GroupSet> group_sets;
    std::vector<Operation> matched;     ///< what the next call of take_matched gives
    std::vector<std::string> tampering; ///< what the next call of take_tampering gives
    std::vector<GapRules> settled;      ///< what each call of settle_gaps was asked with
    std::uint64_t missing = 0;          ///< what the next one finds
    std::vector<PendingProcess> pending;
    std::vector<std::uint32_t> closed; ///< pids
    std::uint64_t close_calls = 0;     ///< that gave a reason
    std::vector<std::int64_t> given_up_before;
    bool closes_none = false;                                      ///< whatever is pending
    std::uint64_t too_old = 0;                                     ///< how many pending operations are
    std::vector<std::pair<std::int64_t, std::uint64_t>> forgotten; ///< each call's time and bound
    std::uint64_t old = 0;                                         ///< how many operations there are to forget
    std::function<void()> forgetting;                              ///< what each call does beside that, if anything
    std::vector<std::pair<Retention, std::uint64_t>> surplus_asked;
    std::int64_t surplus = 0;                        ///< how often there is some
    std::uint64_t free_bytes = 0;                    ///< that can be given back
    std::uint64_t room_of_each = 0;                  ///< bytes that are free when one is forgotten
    bool gives_none_back = false;                    ///< a database of before schema 5
    std::vector<std::uint64_t> free_when_forgetting; ///< before each call of forget_before
    std::vector<std::uint64_t> given_back;           ///< each call's
    std::function<void(std::uint64_t)> giving_back;  ///< what each call does beside that, if anything
    std::uint64_t record_calls = 0;
    std::uint64_t chore_calls = 0;
    std::string record_failure; ///< empty: none
    std::string chore_failure;
    std::string shrink_failure; ///< of retention and vacuum alone
    std::string room_failure;   ///< of giving room back alone
};

class FakeStore final : public Store {
public:
    /// What `use` returns, with the store held still.
    template <class Use>
    auto with(const Use& use) {
        const std::scoped_lock lock(mutex_);
        return use(state_);
    }

    std::uint64_t settle_gaps(const GapRules& rules) override {
        return with([&](StoreState& state) {
            state.settled.push_back(rules);
            return std::exchange(state.missing, 0);
        });
    }

    void record(std::span<const Notification> batch, std::span<const Loss> losses) override {
        with([&](StoreState& state) {
            ++state.record_calls;
            fail(state.record_failure);
            state.stored.insert(state.stored.end(), batch.begin(), batch.end());
            state.losses.insert(state.losses.end(), losses.begin(), losses.end());
        });
    }

    void keep_config(const ConfigVersion& version, const std::string& text) override {
        with([&](StoreState& state) {
            fail(state.chore_failure);
            state.configs.emplace_back(version, text);
        });
    }

    std::optional<std::string> config_of(std::uint64_t /*version*/) override { return std::nullopt; }

    void keep_groups(std::span<const GroupSet> sets) override {
        with([&](StoreState& state) { state.group_sets.insert(state.group_sets.end(), sets.begin(), sets.end()); });
    }

    std::optional<std::vector<std::string>> groups_of(std::uint64_t /*id*/) override { return std::nullopt; }

    std::vector<Operation> take_matched() override {
        return with([](StoreState& state) { return std::exchange(state.matched, {}); });
    }

    std::vector<std::string> take_tampering() override {
        return with([](StoreState& state) { return std::exchange(state.tampering, {}); });
    }

    std::vector<PendingProcess> pending_processes() override {
        return with([](StoreState& state) {
            ++state.chore_calls;
            fail(state.chore_failure);
            return state.pending;
        });
    }

    std::uint64_t close_pending_of(std::span<const ClientProcess> processes, const std::string& reason,
                                   std::uint64_t most) override {
        return with([&](StoreState& state) -> std::uint64_t {
            state.close_calls += reason.empty() ? 0 : 1;
            std::uint64_t closed = 0;
            if (state.closes_none) {
                return closed;
            }
            for (const ClientProcess& process : processes) {
                for (PendingProcess& pending : state.pending) {
                    if (pending.process.pid == process.pid) {
                        const std::uint64_t now = std::min(pending.operations, most - closed);
                        pending.operations -= now;
                        closed += now;
                    }
                }
                state.closed.push_back(process.pid);
            }
            std::erase_if(state.pending, [](const PendingProcess& pending) { return pending.operations == 0; });
            return closed;
        });
    }

    std::uint64_t close_pending_before(std::int64_t time, const std::string& reason, std::uint64_t most) override {
        return with([&](StoreState& state) {
            if (!reason.empty()) {
                state.given_up_before.push_back(time);
            }
            const std::uint64_t closed = std::min(most, state.too_old);
            state.too_old -= closed;
            return closed;
        });
    }

    std::uint64_t forget_before(std::int64_t time, std::uint64_t most) override {
        if (const auto forgetting = with([](StoreState& state) { return state.forgetting; })) {
            forgetting();
        }
        return with([&](StoreState& state) {
            state.forgotten.emplace_back(time, most);
            state.free_when_forgetting.push_back(state.free_bytes);
            const std::uint64_t gone = std::min(state.old, most);
            state.old -= gone;
            state.free_bytes += gone * state.room_of_each;
            return gone;
        });
    }

    std::optional<std::int64_t> surplus_before(const Retention& keep, std::uint64_t most) override {
        return with([&](StoreState& state) -> std::optional<std::int64_t> {
            state.surplus_asked.emplace_back(keep, most);
            fail(state.shrink_failure);
            return state.surplus != 0 ? std::optional(now - std::exchange(state.surplus, state.surplus - 1))
                                      : std::nullopt;
        });
    }

    std::uint64_t give_back(std::uint64_t bytes) override {
        if (const auto giving = with([](StoreState& state) { return state.giving_back; })) {
            giving(bytes);
        }
        return with([&](StoreState& state) {
            fail(state.chore_failure);
            fail(state.room_failure);
            if (state.gives_none_back) {
                return std::uint64_t{0};
            }
            const std::uint64_t given = std::min(bytes, state.free_bytes);
            state.given_back.push_back(given);
            return state.free_bytes -= given;
        });
    }

    Reached find(const Query& /*query*/, const std::function<bool(const Operation&)>& /*row*/,
                 const std::function<bool()>& /*go_on*/) override {
        throw StoreError("the drain has no questions");
    }

    StoreCounts counts() override {
        return with([](StoreState& state) {
            StoreCounts counts;
            counts.notifications = counts.ended = state.stored.size();
            counts.free_bytes = state.free_bytes;
            return counts;
        });
    }

    ChainHead head() override {
        return with([](StoreState& state) { return ChainHead{state.stored.size(), {}}; });
    }

private:
    static void fail(const std::string& failure) {
        if (!failure.empty()) {
            throw StoreError(failure);
        }
    }

    std::mutex mutex_;
    StoreState state_;
};

class DrainFixture {
public:
    DrainFixture() {
        options.sweep_every = std::chrono::milliseconds(10);
        options.retention_every = std::chrono::milliseconds(10);
        options.flush_every = std::chrono::milliseconds(10);
    }

    /// Once the options are set.
    void start() {
        system.fill_in_names = [](Identity& identity) {
            identity.user_name = "name of " + identity.user_sid;
            identity.user_domain = "CORP";
        };
        system.is_running = [](const ClientProcess& process) { return process.pid == running; };
        system.clock = [] { return now; };
        system.spool_is_clear = [](std::chrono::steady_clock::time_point) { return false; };
        system.info = [this](const std::string& line) { log("info: " + line); };
        system.error = [this](const std::string& line) { log("error: " + line); };
        drain = std::make_unique<Drain>(*inbox, store, system, options);
        drain->start();
    }

    /// A notification with that sequence number arrives.
    void arrive(std::uint64_t number) const {
        wire::Request request;
        request.producer.fill(7);
        request.sequence = number;
        request.operation = number;
        request.local = {u"Z:", 2};
        std::array<std::byte, wire::max_frame_size> frame{};
        const std::size_t size = wire::encode(request, frame);
        Arrival arrival;
        arrival.user_sid = "S-1-5-18";
        arrival.pid = running;
        arrival.bitness = 64;
        std::vector<std::byte> head(max_envelope_head);
        const std::size_t head_size = encode_envelope(arrival, size, head);
        REQUIRE(head_size != 0);
        REQUIRE(inbox->append(std::span(head).first(head_size), std::span(frame).first(size)));
    }

    [[nodiscard]] std::vector<std::uint64_t> stored() {
        return store.with([](StoreState& state) {
            std::vector<std::uint64_t> numbers;
            for (const Notification& notification : state.stored) {
                numbers.push_back(notification.sequence);
            }
            return numbers;
        });
    }

    /// How many lines of the log hold that.
    [[nodiscard]] std::ptrdiff_t logged(std::string_view text) {
        const std::scoped_lock lock(log_mutex_);
        return std::ranges::count_if(lines_, [&](const std::string& line) { return line.find(text) != line.npos; });
    }

    static constexpr std::uint32_t running = 1111;
    static constexpr std::uint32_t ended = 2222;

    inbox_test::Folder folder;
    std::unique_ptr<Inbox> inbox = Inbox::open(folder / "inbox", 1U << 20U);
    FakeStore store;
    DrainOptions options;
    DrainSystem system; ///< start() sets what a test has no use for

private:
    void log(const std::string& line) {
        const std::scoped_lock lock(log_mutex_);
        lines_.push_back(line);
    }

    std::mutex log_mutex_;
    std::vector<std::string> lines_;

public:
    std::unique_ptr<Drain> drain; ///< goes first: its thread uses all the rest
};

} // namespace maptrail::drain_test
