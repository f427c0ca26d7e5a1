#include "service/spool/fair_order.hpp"

#include <map>

namespace maptrail::spool {

std::vector<std::size_t> fair_order(std::span<const Queued> queue, const OwnerLimits& limits) {
    struct Share {
        std::vector<std::size_t> files;
        std::uint64_t bytes = 0;
        bool full = false; // from its first file that is too much on: files of one owner keep their order
    };
    std::map<std::string, Share> shares;
    for (std::size_t i = 0; i < queue.size(); ++i) {
        Share& share = shares[queue[i].owner];
        share.full = share.full || share.files.size() >= limits.files ||
                     (!share.files.empty() && share.bytes + queue[i].size > limits.bytes);
        if (!share.full) {
            share.files.push_back(i);
            share.bytes += queue[i].size;
        }
    }
    std::vector<std::size_t> order;
    for (std::size_t turn = 0, taken = 1; taken != 0; ++turn) {
        taken = 0;
        for (const auto& [owner, share] : shares) {
            if (turn < share.files.size()) {
                order.push_back(share.files[turn]);
                ++taken;
            }
        }
    }
    return order;
}

} // namespace maptrail::spool
