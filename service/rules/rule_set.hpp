// Rules, compiled once and judged by many times.
#pragma once

#include "common/model/judged.hpp"
#include "service/rules/judgement.hpp"
#include "service/rules/rule.hpp"
#include "service/rules/subject.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maptrail::rules {

/// The SID of an account by its name; nothing if the machine knows none. May ask a domain controller.
using AccountLookup = std::function<std::optional<std::string>(const std::string& name)>;

/// What the rule does, in bits of namespace effect.
[[nodiscard]] std::uint16_t effects_of(const Rule& rule);

/// Why a rule matched, or which of its conditions was the first that did not hold.
struct Explanation {
    enum class Result : std::uint8_t {
        matched,
        failed,      ///< `condition` does not hold
        not_known,   ///< whether `condition` holds can't be told: the event does not say
        other_phase, ///< the rule looks at notifications of the other phase
        not_reached, ///< an "allow" before it had ended the judging
    };
    Result result = Result::failed;
    std::string condition; ///< its place, as in rules[3].when.remote
    std::string found;     ///< what the event has there
};

/// Immutable, so any number of threads may judge by one.
class RuleSet {
public:
    RuleSet() = default;

    /// Names of groups become SIDs by `lookup`; one that is not found is not known to any condition, and is in
    /// unknown_groups().
    RuleSet(std::vector<Rule> rules, ConfigVersion version, const AccountLookup& lookup);

    /// Allocates nothing, waits for nothing, does no I/O.
    void judge(const Subject& subject, Judgement& judgement) const noexcept;

    /// For people: one for each rule, in order.
    [[nodiscard]] std::vector<Explanation> explain(const Subject& subject) const;

    /// What is to be recorded of it: for `phase`, into names and effects.
    [[nodiscard]] Judged judged(const Judgement& judgement, Phase phase) const;

    /// Whether any rule looks at a notification like that; else there is no need to fill in a subject.
    [[nodiscard]] bool looks_at(Action action, Phase phase) const noexcept;

    /// Whether any rule has a condition on the server's address: else nobody needs to look it up.
    [[nodiscard]] bool asks_for_addresses() const noexcept;

    [[nodiscard]] const std::vector<Rule>& rules() const;
    [[nodiscard]] const ConfigVersion& version() const;
    [[nodiscard]] const std::vector<std::string>& unknown_groups() const;
    /// How many names of groups, and of users without a wildcard, were not found. Users are known by name too.
    [[nodiscard]] std::size_t unknown_accounts() const;

    struct Compiled; ///< the implementation's tables

private:
    std::shared_ptr<const Compiled> compiled_;
};

} // namespace maptrail::rules
