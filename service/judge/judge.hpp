// Judges notifications by the rules in force, which may change between any two of them.
#pragma once

#include "common/model/notification.hpp"
#include "common/wire/frame.hpp"
#include "service/inbox/judgement_record.hpp"
#include "service/rules/rule_set.hpp"
#include "service/rules/subject_buffer.hpp"
#include "service/rules/zone_table.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace maptrail {

/// Who made the call, as far as it is known.
struct JudgedCaller {
    const Identity& identity;
    const ClientProcess& process;
    const std::vector<std::string>* groups = nullptr; ///< SIDs, folded and sorted; null if they are not known
    std::int64_t received = 0; ///< when, for believed_time(): the time that is recorded is judged
};

struct Verdict {
    Decision decision = Decision::allow;
    std::uint32_t status = 0;          ///< what the caller of WNet shall see; 0: the operation goes on
    std::span<const std::byte> record; ///< what the inbox keeps of it; valid as long as the Turn
};

/// Any number of threads judge; one at a time changes the rules.
class Judge {
    struct InForce {
        rules::RuleSet rules;
        JudgementRecords records;
        rules::ZoneTable zone;
    };
    /// What one judgement works in, kept for the next one: judging allocates nothing.
    struct Desk {
        explicit Desk(rules::AddressBook* addresses) : subject(addresses) {}

        std::shared_ptr<const InForce> in_force;
        std::uint64_t generation = 0;
        rules::SubjectBuffer subject;
        std::array<std::byte, max_judgement_record> record;
    };

public:
    /// `addresses` must outlive it. Without it only servers that are named by their address have one.
    explicit Judge(rules::AddressBook* addresses = nullptr) : addresses_(addresses) {}

    /// From its return on nothing is judged by the rules before.
    void take(rules::RuleSet rules);

    /// What local time is. UTC until it is set.
    void set_zone(rules::ZoneTable zone);

    [[nodiscard]] std::shared_ptr<const rules::RuleSet> rules() const;

    /// For one frame, or one after the other; to be kept until the last verdict's record is stored.
    class Turn {
    public:
        explicit Turn(Judge& judge) : judge_(judge), desk_(judge.take_desk()) {}
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        ~Turn() { judge_.give_back(std::move(desk_)); }

        [[nodiscard]] Verdict judge(const wire::Request& request, Source source, const JudgedCaller& caller);

    private:
        Judge& judge_;
        std::unique_ptr<Desk> desk_;
    };

private:
    [[nodiscard]] std::unique_ptr<Desk> take_desk();
    void give_back(std::unique_ptr<Desk> desk) noexcept;

    rules::AddressBook* addresses_;
    std::atomic<std::uint64_t> generation_{0};
    mutable std::mutex mutex_; ///< of the next two: asked by a desk only after a change
    rules::ZoneTable zone_;
    std::shared_ptr<const InForce> in_force_;
    std::mutex desks_mutex_;
    std::vector<std::unique_ptr<Desk>> desks_; ///< that nobody works at
};

} // namespace maptrail
