#include "service/control/turns.hpp"

namespace maptrail {

Turns::Turn::~Turn() {
    if (owner_ != nullptr) {
        owner_->end(sid_);
    }
}

std::unique_ptr<Turns::Turn> Turns::take(const std::string& sid, bool administrator) {
    if (administrator) {
        return std::make_unique<Turn>(nullptr, sid);
    }
    auto turn = std::make_unique<Turn>(nullptr, sid); // what may throw comes first
    const std::scoped_lock lock(mutex_);
    std::size_t& his = taken_[sid];
    if (his >= of_one_ || all_ >= of_all_) {
        if (his == 0) {
            taken_.erase(sid);
        }
        return nullptr;
    }
    ++his;
    ++all_;
    turn->owner_ = this;
    return turn;
}

void Turns::end(const std::string& sid) {
    const std::scoped_lock lock(mutex_);
    const auto found = taken_.find(sid);
    --all_;
    if (--found->second == 0) {
        taken_.erase(found);
    }
}

} // namespace maptrail
