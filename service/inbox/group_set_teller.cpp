#include "service/inbox/group_set_teller.hpp"

#include "service/inbox/group_set_record.hpp"

#include <chrono>

namespace maptrail {
namespace {

constexpr std::size_t most_told_sets = 65'536;
constexpr std::chrono::hours new_sets_window{24};

} // namespace

/// What is granted stays so until it is told: an inbox that is full for a while uses up nobody's share.
std::optional<GroupSetTeller::State> GroupSetTeller::state_of(std::string_view user_sid, std::uint64_t id) {
    const std::scoped_lock lock(mutex_);
    if (const auto found = sets_.find(id); found != sets_.end()) {
        return found->second;
    }
    if (!new_sets_.ask({user_sid, most_new_sets_a_day, new_sets_window}).allowed) {
        return std::nullopt;
    }
    if (sets_.size() >= most_told_sets) {
        sets_.clear();
    }
    sets_.emplace(id, State::granted);
    return State::granted;
}

bool GroupSetTeller::tell(std::string_view user_sid, std::uint64_t id, const std::vector<std::string>& sids) {
    if (id == 0) {
        return false;
    }
    const std::optional<State> state = state_of(user_sid, id);
    if (!state || *state == State::told) {
        return state.has_value();
    }
    const std::vector<std::byte> record = encode_group_set({id, sids});
    if (record.empty() || !inbox_.append(record)) {
        return false;
    }
    const std::scoped_lock lock(mutex_);
    sets_[id] = State::told;
    return true;
}

} // namespace maptrail
