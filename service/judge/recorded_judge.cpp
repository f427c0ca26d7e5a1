#include "service/judge/recorded_judge.hpp"

#include <span>

namespace maptrail {
namespace {

constexpr std::size_t most_known_sets = 4'096; ///< at once: each may be some kilobytes

std::optional<std::size_t> first_with_deny(const rules::RuleSet& rules, const rules::Judgement& judgement) {
    for (const std::uint16_t place : std::span(judgement.matched).first(judgement.count)) {
        const rules::Rule& rule = rules.rules()[place];
        // What was really denied is by a rule that is enforced.
        if (rule.deny && (judgement.would_deny || rule.mode == rules::Mode::enforce)) {
            return place;
        }
    }
    return std::nullopt;
}

} // namespace

bool was_told_before(const Operation& operation) {
    return operation.config_before != 0 || operation.reason != reason_not_told_before;
}

bool was_told_after(const Operation& operation) {
    return operation.config_after != 0 || operation.outcome == Outcome::success ||
           operation.outcome == Outcome::failure;
}

const std::vector<std::string>* RecordedJudge::groups_of(const Identity& identity) {
    if (identity.group_set == 0 || !groups_) {
        return nullptr;
    }
    auto found = known_groups_.find(identity.group_set);
    if (found == known_groups_.end()) {
        if (known_groups_.size() >= most_known_sets) {
            known_groups_.clear();
        }
        found = known_groups_.emplace(identity.group_set, groups_(identity.group_set)).first;
    }
    return found->second ? &*found->second : nullptr;
}

const rules::Subject& RecordedJudge::subject(const Operation& operation, Phase phase) {
    const std::int64_t time = phase == Phase::after && operation.end != 0 ? operation.end : operation.start;
    const std::int64_t seconds = time / 1'000'000'000;
    return buffer_.fill(operation, phase, groups_of(operation.identity),
                        rules::local_moment(seconds + zone_.offset_at(seconds)));
}

rules::Judgement RecordedJudge::judge_one(const Operation& operation, Phase phase) {
    rules::Judgement judgement;
    if (rules_.looks_at(operation.action, phase)) {
        rules_.judge(subject(operation, phase), judgement);
    }
    return judgement;
}

RecordedJudgement RecordedJudge::judge(const Operation& operation) {
    RecordedJudgement result;
    if (was_told_before(operation)) {
        const rules::Judgement& before = result.before.emplace(judge_one(operation, Phase::before));
        result.denied = before.decision == Decision::deny;
        result.would_deny = before.would_deny;
        result.status = before.denied_status;
        result.by = result.status != 0 ? first_with_deny(rules_, before) : std::nullopt;
    }
    // What is denied now, and was not then, would not have come to its end.
    if (was_told_after(operation) && (!result.denied || operation.decision == Decision::deny)) {
        const rules::Judgement& after = result.after.emplace(judge_one(operation, Phase::after));
        if (result.status == 0 && after.would_deny) {
            result.would_deny = true;
            result.status = after.denied_status;
            result.by = first_with_deny(rules_, after);
        }
    }
    return result;
}

} // namespace maptrail
