// What rules would have done with the operations of a history: counted by rule, with examples.
#pragma once

#include "service/judge/recorded_judge.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace maptrail {

/// Operations, each counted once however many of its notifications a rule matched.
struct ReplayCounts {
    std::uint64_t matched = 0;
    std::uint64_t denied = 0; ///< their callers would have been refused; of a rule: it decided that
    std::uint64_t audited =
        0; ///< a rule in audit mode, or too late to be obeyed, says deny; of a rule: it is the first
    std::uint64_t tagged = 0;
    std::uint64_t dropped = 0;
    std::uint64_t logged = 0; ///< not counting what "throttle" keeps back; so also of commands
    std::uint64_t run = 0;
};

struct ReplayedRule {
    ReplayCounts counts;               ///< in audit mode: what would be if it were enforced
    std::vector<Operation> examples{}; ///< the first ones that matched, no two of one user, program and remote name
};

struct ReplayTotals {
    std::uint64_t operations = 0; ///< judged
    std::uint64_t losses = 0;     ///< rows that tell of lost notifications, which nobody can judge
    ReplayCounts counts;          ///< effects of rules in audit mode are in `matched` and `audited` alone
    std::uint64_t differ = 0;     ///< another verdict than was recorded
    std::uint64_t newly_denied = 0;
    std::uint64_t no_longer_denied = 0;
};

/// One thread.
class Replay {
public:
    /// `rules` must outlive it.
    Replay(const rules::RuleSet& rules, ZoneOffset zone, std::size_t examples, RecordedJudge::Groups groups = {});

    void add(const Operation& operation);

    /// As if what `later` was given, by the same rules, had been added here.
    void append(const Replay& later);

    [[nodiscard]] const std::vector<ReplayedRule>& rules() const { return replayed_; }
    [[nodiscard]] const ReplayTotals& totals() const { return totals_; }

private:
    void add_example(ReplayedRule& rule, const Operation& operation) const;
    void count_rules(const Operation& operation, const RecordedJudgement& judgement);
    void compare(const Operation& operation, const RecordedJudgement& judgement);

    const rules::RuleSet& rules_;
    RecordedJudge judge_;
    std::size_t most_examples_;
    std::vector<std::uint16_t> effects_; ///< of the rules
    std::vector<ReplayedRule> replayed_;
    ReplayTotals totals_;
};

} // namespace maptrail
