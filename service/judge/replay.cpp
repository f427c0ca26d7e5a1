#include "service/judge/replay.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace maptrail {
namespace {

void count_effects(ReplayCounts& counts, std::uint16_t effects) {
    const auto one_if = [effects](std::uint16_t bit) { return (effects & bit) != 0 ? 1U : 0U; };
    counts.tagged += one_if(effect::tag);
    counts.dropped += one_if(effect::drop);
    counts.logged += one_if(effect::log);
    counts.run += one_if(effect::run);
}

void add_counts(ReplayCounts& counts, const ReplayCounts& more) {
    for (const auto member :
         {&ReplayCounts::matched, &ReplayCounts::denied, &ReplayCounts::audited, &ReplayCounts::tagged,
          &ReplayCounts::dropped, &ReplayCounts::logged, &ReplayCounts::run}) {
        counts.*member += more.*member;
    }
}

bool alike(const Operation& a, const Operation& b) {
    return a.action == b.action && a.remote_name == b.remote_name && a.identity.user_sid == b.identity.user_sid &&
           a.process.path == b.process.path;
}

/// By a rule, that is: the notifyee refuses by itself where no answer is taken for a "no".
bool was_denied(const Operation& operation) {
    return operation.decision == Decision::deny &&
           (operation.judged.more || std::ranges::any_of(operation.judged.rules, [](const MatchedRule& rule) {
                return !rule.audit && (rule.effects & effect::deny) != 0;
            }));
}

} // namespace

Replay::Replay(const rules::RuleSet& rules, ZoneOffset zone, std::size_t examples, RecordedJudge::Groups groups)
    : rules_(rules), judge_(rules, std::move(zone), std::move(groups)), most_examples_(examples),
      replayed_(rules.rules().size()) {
    for (const rules::Rule& rule : rules.rules()) {
        effects_.push_back(rules::effects_of(rule));
    }
}

void Replay::add(const Operation& operation) {
    if (operation.action == Action::loss) {
        ++totals_.losses;
        return;
    }
    const RecordedJudgement judgement = judge_.judge(operation);
    ++totals_.operations;
    count_rules(operation, judgement);
    compare(operation, judgement);
}

void Replay::add_example(ReplayedRule& rule, const Operation& operation) const {
    const auto like_this = [&](const Operation& example) { return alike(example, operation); };
    if (rule.examples.size() < most_examples_ && std::ranges::none_of(rule.examples, like_this)) {
        rule.examples.push_back(operation);
    }
}

void Replay::append(const Replay& later) {
    for (std::size_t i = 0; i < replayed_.size(); ++i) {
        add_counts(replayed_[i].counts, later.replayed_[i].counts);
        for (const Operation& example : later.replayed_[i].examples) {
            add_example(replayed_[i], example);
        }
    }
    add_counts(totals_.counts, later.totals_.counts);
    for (const auto member : {&ReplayTotals::operations, &ReplayTotals::losses, &ReplayTotals::differ,
                              &ReplayTotals::newly_denied, &ReplayTotals::no_longer_denied}) {
        totals_.*member += later.totals_.*member;
    }
}

void Replay::count_rules(const Operation& operation, const RecordedJudgement& judgement) {
    std::array<std::uint16_t, 2 * rules::Judgement::most> places{};
    auto end = places.begin();
    for (const auto& half : {&judgement.before, &judgement.after}) {
        for (std::size_t i = 0; *half && i < (*half)->count; ++i) {
            if (std::find(places.begin(), end, (*half)->matched[i]) == end) {
                *end++ = (*half)->matched[i];
            }
        }
    }
    std::uint16_t enforced = 0;
    for (auto place = places.begin(); place != end; ++place) {
        ReplayedRule& rule = replayed_[*place];
        ++rule.counts.matched;
        count_effects(rule.counts, effects_[*place]);
        enforced |= rules_.rules()[*place].mode == rules::Mode::enforce ? effects_[*place] : std::uint16_t{0};
        add_example(rule, operation);
    }
    totals_.counts.matched += end != places.begin() ? 1U : 0U;
    count_effects(totals_.counts, enforced);
    const auto count_verdict = [&](ReplayCounts& counts) {
        counts.denied += judgement.denied ? 1U : 0U;
        counts.audited += judgement.would_deny ? 1U : 0U;
    };
    count_verdict(totals_.counts);
    if (judgement.by) {
        count_verdict(replayed_[*judgement.by].counts);
    }
}

void Replay::compare(const Operation& operation, const RecordedJudgement& judgement) {
    const bool denied = was_denied(operation);
    const bool would_deny = operation.judged.would_deny;
    const std::uint32_t status = denied || would_deny ? operation.judged.denied_status : 0;
    totals_.newly_denied += judgement.denied && !denied ? 1U : 0U;
    totals_.no_longer_denied += denied && !judgement.denied ? 1U : 0U;
    const bool same = judgement.denied == denied && judgement.would_deny == would_deny && judgement.status == status;
    totals_.differ += same ? 0U : 1U;
}

} // namespace maptrail
