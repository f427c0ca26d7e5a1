// Those who wait for what ends next. However many they are, each operation is read and written as JSON once.
#pragma once

#include "service/query/query.hpp"
#include "service/store/detail_matcher.hpp"
#include "service/store/matcher.hpp"
#include "service/store/store.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace maptrail {

/// What may wait for one of them. He reads, or he is passed over: nothing is kept for him but his place.
inline constexpr std::size_t most_waiting = std::size_t{256} * 1024;

/// What one of them asked for, how far he was served, and what waits to be sent to him.
class Follower {
public:
    /// by_ending and from must be set; `newest` and `first` do not count.
    explicit Follower(Query query);
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;
    ~Follower() = default;

    /// The first place that he has not been served.
    [[nodiscard]] const Place& from() const { return *query_.from; }

    /// Other than none: he can't be served, and never will be.
    [[nodiscard]] PlaceProblem problem() const { return problem_; }

    /// Everything up to here has been given to him or waits.
    [[nodiscard]] Reached reached() const { return {{from().history, from().number - 1}, problem_}; }

    /// The lines that wait, which wait no more.
    [[nodiscard]] std::string take();

private:
    friend void serve(Store& history, std::span<Follower* const> followers, std::size_t room);

    [[nodiscard]] bool wants(const Operation& operation);

    Query query_;
    Matcher matcher_;
    DetailMatcher details_;
    std::string lines_;
    PlaceProblem problem_ = PlaceProblem::none;
};

/// Reads on for all of them, as much as a short while takes: a follower that is still behind is to be given again. For
/// each of them no more than `room` bytes wait afterwards, and the rest of a line. May throw StoreError; nobody has
/// lost anything then.
void serve(Store& history, std::span<Follower* const> followers, std::size_t room = most_waiting);

} // namespace maptrail
