// Sent = stored + quarantined + lost, for every producer: what arrives and what is missing is entered here.
#pragma once

#include "service/store/frame_table.hpp"
#include "service/store/loss_table.hpp"
#include "service/store/store.hpp"

#include <chrono>
#include <cstdint>
#include <map>

namespace maptrail {

/// A number that is so far above the last is no count of calls: it is stored, and not taken for a gap.
inline constexpr std::uint64_t most_missing = 1'000'000'000;

/// All calls belong into the transaction that makes them true.
class Accounts {
public:
    Accounts(FrameTable& frames, LossTable& losses) : frames_(frames), losses_(losses) {}

    /// A frame that was not stored before. `since`: what came from programs that were running then may be forgotten, or
    /// lie in a history before this one, so their earlier numbers are not missing.
    void arrived(Producer& producer, const Notification& notification, std::int64_t since, StoreCounts& counts);

    void told(const Loss& loss, std::int64_t now, StoreCounts& counts);

    /// See Store::settle_gaps. Looks at some producers, and goes on with the others the next time.
    std::uint64_t settle(const GapRules& rules, std::int64_t now, StoreCounts& counts);

    /// The same for all numbers of one producer up to `sequence`, at once: they are about to be forgotten.
    void settle_up_to(std::int64_t producer, std::uint64_t sequence, std::int64_t now, StoreCounts& counts);

private:
    /// Moves `checked` over what was stored, and, up to `final_up_to`, over gaps, which it enters. Returns the lost.
    std::uint64_t advance(Producer& producer, const FrameTable::ProducerKey& key, std::uint64_t final_up_to,
                          std::int64_t now, StoreCounts& counts);
    std::uint64_t enter_gap(Producer& producer, const FrameTable::ProducerKey& key, std::uint64_t last,
                            std::int64_t now, StoreCounts& counts);

    /// A producer with gaps, as a sweep found it first.
    struct Noticed {
        std::chrono::steady_clock::time_point time;
        std::uint64_t highest;
        std::uint64_t round;
    };

    FrameTable& frames_;
    LossTable& losses_;
    std::map<std::int64_t, Noticed> noticed_;
    std::int64_t last_looked_at_ = 0;
    std::uint64_t round_ = 0; ///< how many times all producers were looked at
};

} // namespace maptrail
