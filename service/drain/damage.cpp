#include "service/drain/damage.hpp"

#include <algorithm>
#include <utility>

namespace maptrail {
namespace {

Loss damage(std::uint64_t count, std::int64_t now, std::string reason) {
    Loss loss;
    loss.id = new_loss_id();
    loss.kind = LossKind::damaged;
    loss.count = count;
    loss.time = std::clamp(now, earliest_recorded, latest_recorded);
    loss.reason = std::move(reason);
    return loss;
}

} // namespace

Loss unreadable_record(const std::string& why, std::int64_t now) {
    return damage(1, now,
                  "a record of the inbox was no notification (" + why +
                      "); its bytes are kept in data\\inbox.quarantine-<n> as long as there is room");
}

Loss damaged_stretches(std::uint64_t count, std::uint64_t not_kept, std::int64_t now) {
    std::string reason = "the inbox was damaged, after a power cut or by another program; the bytes are kept in "
                         "data\\inbox.quarantine-<n>; check the disk";
    if (not_kept != 0) {
        reason += "; " + std::to_string(not_kept) + " of them could not be kept";
    }
    return damage(count, now, std::move(reason));
}

} // namespace maptrail
