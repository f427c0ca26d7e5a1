// Places in the order in which a history's operations ended. Unlike the order of their starts, nothing is ever put
// between two of them, and retention changes none: what a reader who comes back has seen is everything up to one.
#pragma once

#include <cstdint>

namespace maptrail {

struct Place {
    std::uint64_t history = 0; ///< a random number that each database has; 0: not known
    std::int64_t number = 0;   ///< Operation::place; 0: before the first

    bool operator==(const Place&) const = default;
};

enum class PlaceProblem {
    none = 0,
    foreign = 1, ///< no place of this history
    expired = 2, ///< operations from there on were forgotten
};

/// How far an answer went.
struct Reached {
    Place place; ///< what fits up to here was given; of an answer in the order of ending alone
    /// With Query::from. Then nothing was given; or, if retention has overtaken a long answer, what goes up to `place`.
    PlaceProblem problem = PlaceProblem::none;
};

} // namespace maptrail
