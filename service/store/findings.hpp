// The first of what does not fit, and how much it is.
#pragma once

#include "service/store/verify.hpp"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

namespace maptrail {

/// In the order of entries; what has none comes last.
class Findings {
public:
    void add(const Finding& finding) {
        ++count_;
        first_.insert(std::ranges::upper_bound(first_, finding, before), finding);
        if (first_.size() > most_findings) {
            first_.pop_back();
        }
    }

    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] std::vector<Finding> take() { return std::move(first_); }

private:
    static bool before(const Finding& a, const Finding& b) {
        // One less than 0 is the highest.
        return std::tuple(a.entry - 1, a.misfit, a.operation) < std::tuple(b.entry - 1, b.misfit, b.operation);
    }

    std::uint64_t count_ = 0;
    std::vector<Finding> first_;
};

} // namespace maptrail
