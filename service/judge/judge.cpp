#include "service/judge/judge.hpp"

#include "service/inbox/envelope.hpp"

#include <utility>

namespace maptrail {
namespace {

constexpr std::size_t most_desks = 64; ///< as many threads as a listener could sensibly have

} // namespace

void Judge::take(rules::RuleSet rules) {
    JudgementRecords records(rules);
    const std::scoped_lock lock(mutex_);
    in_force_ = std::make_shared<const InForce>(InForce{std::move(rules), std::move(records), zone_});
    ++generation_;
}

void Judge::set_zone(rules::ZoneTable zone) {
    const std::scoped_lock lock(mutex_);
    if (zone == zone_) {
        return;
    }
    zone_ = std::move(zone);
    if (in_force_) {
        in_force_ = std::make_shared<const InForce>(InForce{in_force_->rules, in_force_->records, zone_});
        ++generation_;
    }
}

std::shared_ptr<const rules::RuleSet> Judge::rules() const {
    const std::scoped_lock lock(mutex_);
    return in_force_ ? std::shared_ptr<const rules::RuleSet>(in_force_, &in_force_->rules) : nullptr;
}

std::unique_ptr<Judge::Desk> Judge::take_desk() {
    {
        const std::scoped_lock lock(desks_mutex_);
        if (!desks_.empty()) {
            std::unique_ptr<Desk> desk = std::move(desks_.back());
            desks_.pop_back();
            return desk;
        }
        desks_.reserve(most_desks);
    }
    return std::make_unique<Desk>(addresses_);
}

void Judge::give_back(std::unique_ptr<Desk> desk) noexcept {
    const std::scoped_lock lock(desks_mutex_);
    if (desks_.size() < most_desks) {
        desks_.push_back(std::move(desk)); // has the room: take_desk() reserved it
    }
}

Verdict Judge::Turn::judge(const wire::Request& request, Source source, const JudgedCaller& caller) {
    Desk& desk = *desk_;
    if (desk.generation != judge_.generation_) {
        const std::scoped_lock lock(judge_.mutex_);
        desk.in_force = judge_.in_force_;
        desk.generation = judge_.generation_;
    }
    if (!desk.in_force) {
        return {};
    }
    const InForce& in_force = *desk.in_force;
    rules::Judgement judgement;
    if (in_force.rules.looks_at(static_cast<Action>(request.action), request.phase)) {
        const std::int64_t utc = believed_time(source, caller.received, request.time) / 1'000'000'000;
        in_force.rules.judge(desk.subject.fill(request, source, caller.identity, caller.process, caller.groups,
                                               rules::local_moment(utc + in_force.zone.offset_at(utc))),
                             judgement);
    }
    const std::size_t size = in_force.records.encode(judgement, desk.record);
    Verdict verdict;
    verdict.decision = judgement.decision;
    verdict.status = judgement.decision == Decision::deny ? judgement.denied_status : 0;
    verdict.record = std::span<const std::byte>(desk.record).first(size);
    return verdict;
}

} // namespace maptrail
