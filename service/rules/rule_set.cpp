#include "service/rules/rule_set.hpp"

#include "service/rules/compiled.hpp"

#include <algorithm>
#include <span>

namespace maptrail::rules {
namespace {

constexpr std::uint16_t none_decided = 0xFFFF; // no set has so many rules

/// How much is lost with a matched rule that is not recorded.
enum class Weight : std::uint8_t { says, does, decides };

Weight weight_of(std::uint16_t effects) noexcept {
    constexpr std::uint16_t done = effect::deny | effect::allow | effect::log | effect::run | effect::drop;
    return (effects & done) != 0 ? Weight::does : Weight::says;
}

/// Where there is no room, it takes the place of the last of those that weigh least, if it weighs more.
template <class WeightOf>
void note(Judgement& judgement, std::uint16_t place, const WeightOf& weight) noexcept {
    if (judgement.count < Judgement::most) {
        judgement.matched[judgement.count++] = place;
        return;
    }
    judgement.more = true;
    const auto begin = judgement.matched.begin();
    const auto end = judgement.matched.end();
    auto least = end - 1;
    for (auto one = end; one-- != begin;) {
        least = weight(*one) < weight(*least) ? one : least;
    }
    if (weight(*least) < weight(place)) {
        std::copy(least + 1, end, least);
        judgement.matched.back() = place;
    }
}

} // namespace

const std::vector<std::uint16_t>* RuleSet::Compiled::candidates_for(Action action, Phase phase) const noexcept {
    if (action != Action::connect && action != Action::disconnect) {
        return nullptr;
    }
    return &candidates[action == Action::connect ? 0 : 1][phase == Phase::before ? 0 : 1];
}

bool RuleSet::looks_at(Action action, Phase phase) const noexcept {
    const auto* const list = compiled_ ? compiled_->candidates_for(action, phase) : nullptr;
    return list != nullptr && !list->empty();
}

void RuleSet::judge(const Subject& subject, Judgement& judgement) const noexcept {
    judgement = {};
    const auto* const candidates = compiled_ ? compiled_->candidates_for(subject.action, subject.phase) : nullptr;
    if (candidates == nullptr) {
        return;
    }
    std::uint16_t decided = none_decided;
    const bool deniable = subject.phase == Phase::before && subject.source == Source::pipe;
    const SubjectBits bits = subject_bits(subject);
    for (const std::uint16_t place : *candidates) {
        if (!compiled_->prefilter.may_match(place, bits) ||
            compiled_->evaluate(compiled_->roots[place], subject) != Truth::yes) {
            continue;
        }
        const Rule& rule = compiled_->rules[place];
        const bool enforced = rule.mode == Mode::enforce;
        judgement.drop = judgement.drop || (enforced && rule.drop);
        if (rule.deny && judgement.decision == Decision::allow) {
            if (enforced && deniable) {
                judgement.decision = Decision::deny;
                judgement.denied_status = *rule.deny;
                judgement.would_deny = false;
                decided = place;
            } else if (!judgement.would_deny) {
                judgement.would_deny = true;
                judgement.denied_status = *rule.deny;
                decided = place;
            }
        }
        note(judgement, place,
             [&](std::uint16_t one) { return one == decided ? Weight::decides : weight_of(compiled_->effects[one]); });
        if (enforced && rule.allow) {
            break;
        }
    }
}

Judged RuleSet::judged(const Judgement& judgement, Phase phase) const {
    Judged result;
    result.more = judgement.more;
    result.would_deny = judgement.would_deny;
    result.denied_status = judgement.denied_status;
    for (const std::uint16_t place : std::span(judgement.matched).first(judgement.count)) {
        const Rule& rule = compiled_->rules.at(place);
        MatchedRule& matched = result.rules.emplace_back();
        matched.name = rule.name;
        matched.phase = phase;
        matched.audit = rule.mode == Mode::audit;
        matched.effects = compiled_->effects.at(place);
        matched.severity = rule.severity;
        matched.tags = rule.tags;
        matched.technique = rule.technique;
    }
    return result;
}

const std::vector<Rule>& RuleSet::rules() const {
    static const std::vector<Rule> none;
    return compiled_ ? compiled_->rules : none;
}

const ConfigVersion& RuleSet::version() const {
    static constexpr ConfigVersion none{};
    return compiled_ ? compiled_->version : none;
}

const std::vector<std::string>& RuleSet::unknown_groups() const {
    static const std::vector<std::string> none;
    return compiled_ ? compiled_->unknown_groups : none;
}

bool RuleSet::asks_addresses() const {
    return compiled_ && compiled_->asks_addresses;
}

std::size_t RuleSet::unknown_accounts() const {
    return compiled_ ? compiled_->unknown_accounts : 0;
}

} // namespace maptrail::rules
