#include "service/answers/mappings.hpp"

#include "service/text/device_name.hpp"
#include "service/text/text.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace maptrail {
namespace {

constexpr std::uint32_t not_connected = 2250;

/// The logon session and the name in it. A user's SID besides: sessions of another start of Windows have the same ids.
std::string connection_key(const Operation& operation) {
    std::string key = operation.identity.user_sid + "/" + std::to_string(operation.identity.logon_id) + "/";
    if (!operation.local_name.empty()) {
        return key + local_key_of(operation.local_name);
    }
    std::string_view remote = operation.remote_name;
    while (remote.ends_with('\\')) {
        remote.remove_suffix(1);
    }
    return key + "\\" + fold(remote); // no local name has a backslash
}

} // namespace

Mappings::Mappings(std::size_t most) : most_(most) {}

void Mappings::add(const Operation& operation) {
    const bool success = operation.outcome == Outcome::success;
    if (operation.action == Action::connect && success) {
        Operation& held = held_[connection_key(operation)];
        held = operation;
        held.judged = {};
        if (held_.size() > most_) {
            give_up_older_half();
        }
    } else if (operation.action == Action::disconnect &&
               (success || (operation.outcome == Outcome::failure && operation.error == not_connected))) {
        held_.erase(connection_key(operation));
    }
}

void Mappings::give_up_older_half() {
    // By id as well: callers say when it was, and may say the same each time.
    const auto age = [](const Operation& operation) { return std::pair(operation.start, operation.id); };
    std::vector<std::pair<std::int64_t, std::int64_t>> ages;
    ages.reserve(held_.size());
    for (const auto& [key, operation] : held_) {
        ages.push_back(age(operation));
    }
    const auto middle = ages.begin() + static_cast<std::ptrdiff_t>(ages.size() / 2);
    std::ranges::nth_element(ages, middle);
    given_up_ += std::erase_if(held_, [&](const auto& entry) { return age(entry.second) < *middle; });
}

std::vector<Operation> Mappings::now() const {
    std::vector<Operation> result;
    result.reserve(held_.size());
    for (const auto& [key, operation] : held_) {
        result.push_back(operation);
    }
    const auto order = [](const Operation& o) {
        return std::tie(o.identity.user_domain, o.identity.user_name, o.identity.user_sid, o.local_name, o.remote_name,
                        o.start, o.id);
    };
    std::ranges::sort(result, [&](const Operation& a, const Operation& b) { return order(a) < order(b); });
    return result;
}

} // namespace maptrail
