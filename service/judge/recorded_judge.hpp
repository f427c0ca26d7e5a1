// Judges operations of the history as their notifications are judged when they come: by other rules, perhaps.
#pragma once

#include "common/model/operation.hpp"
#include "service/format/quarter_zone.hpp"
#include "service/rules/rule_set.hpp"
#include "service/rules/subject_buffer.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace maptrail {

/// Whether there was a notification before an operation, and one after it, as far as the history tells.
[[nodiscard]] bool was_told_before(const Operation& operation);
[[nodiscard]] bool was_told_after(const Operation& operation);

/// What rules say of an operation.
struct RecordedJudgement {
    std::optional<rules::Judgement> before; ///< none: there was no such notification
    std::optional<rules::Judgement> after;  ///< the same, or there would have been none, as the operation is denied

    bool denied = false;             ///< the caller would have seen `status` in place of a connection
    bool would_deny = false;         ///< a rule in audit mode, or too late to be obeyed, says deny
    std::uint32_t status = 0;        ///< of either
    std::optional<std::size_t> by{}; ///< place of the rule that decided; none if it is not among those recorded
};

/// One thread. Of callers it knows what the history holds.
class RecordedJudge {
public:
    /// The SIDs of a set of groups, folded and sorted; nothing if the history does not have it.
    using Groups = std::function<std::optional<std::vector<std::string>>(std::uint64_t set)>;

    /// `zone` is this machine's: rules ask for the local time of the operation's own moment. Without `groups` those of
    /// callers are not known. `rules` must outlive it.
    RecordedJudge(const rules::RuleSet& rules, ZoneOffset zone, Groups groups = {})
        : rules_(rules), zone_(std::move(zone)), groups_(std::move(groups)) {}

    [[nodiscard]] RecordedJudgement judge(const Operation& operation);

    /// The subject of one notification, valid until the next call.
    const rules::Subject& subject(const Operation& operation, Phase phase);

private:
    [[nodiscard]] rules::Judgement judge_one(const Operation& operation, Phase phase);
    [[nodiscard]] const std::vector<std::string>* groups_of(const Identity& identity);

    const rules::RuleSet& rules_;
    QuarterZone zone_;
    Groups groups_;
    std::unordered_map<std::uint64_t, std::optional<std::vector<std::string>>> known_groups_;
    rules::SubjectBuffer buffer_;
};

} // namespace maptrail
