#include "service/follow/follower.hpp"

#include "service/format/ecs_json.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace maptrail {
namespace {

/// Followers so near to each other are served by one reading.
constexpr std::int64_t near_places = 1'000;
constexpr std::uint64_t read_at_once = 2'000;

} // namespace

Follower::Follower(Query query) : query_(std::move(query)), matcher_(query_), details_(query_) {}

std::string Follower::take() {
    return std::exchange(lines_, {});
}

bool Follower::wants(const Operation& operation) {
    return (!query_.only_user_sid || *query_.only_user_sid == operation.identity.user_sid) &&
           (!query_.since || operation.start >= *query_.since) && (!query_.until || operation.start < *query_.until) &&
           (query_.ids.empty() || std::ranges::find(query_.ids, operation.id) != query_.ids.end()) &&
           matcher_.matches(operation) && (!details_.looks() || details_.matches(operation));
}

void serve(Store& history, std::span<Follower* const> followers, std::size_t room) {
    const auto full = [room](const Follower& follower) { return follower.lines_.size() >= room; };
    std::vector<Follower*> waiting(followers.begin(), followers.end());
    std::ranges::sort(waiting, {}, [](const Follower* follower) { return follower->from().number; });
    for (auto first = waiting.begin(); first != waiting.end();) {
        const Place from = (*first)->from();
        const auto last = std::find_if(first, waiting.end(), [&](const Follower* follower) {
            return follower->from().number - from.number > near_places || follower->from().history != from.history;
        });
        Query all;
        all.by_ending = true;
        all.from = from;
        all.first = read_at_once;
        const Reached reached = history.find(all, [&](const Operation& operation) {
            std::string line;
            for (auto one = first; one != last; ++one) {
                Follower& follower = **one;
                if (full(follower) || operation.place < follower.from().number) {
                    continue;
                }
                if (follower.wants(operation)) {
                    if (line.empty()) {
                        line = json_line(operation_to_json(operation)) + "\n";
                    }
                    follower.lines_ += line;
                }
                follower.query_.from->number = operation.place + 1;
            }
            return std::any_of(first, last, [&full](const Follower* follower) { return !full(*follower); });
        });
        if (reached.problem != PlaceProblem::none) {
            (*first)->problem_ = reached.problem; // the others are further on
            ++first;
            continue;
        }
        for (auto one = first; one != last; ++one) {
            std::int64_t& number = (*one)->query_.from->number;
            number = full(**one) ? number : std::max(number, reached.place.number + 1);
        }
        first = last;
    }
}

} // namespace maptrail
