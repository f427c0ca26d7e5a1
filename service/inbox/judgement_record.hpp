// What the rules said of a frame, as it lies beside the frame in the inbox: names, not places in a configuration, so
// that it is understood after any change of the rules.
#pragma once

#include "common/model/judged.hpp"
#include "service/rules/rule_set.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace maptrail {

/// Room for the names of all the rules that a Judgement holds. Tags that find none are left out, and that there are
/// more is recorded.
inline constexpr std::size_t max_judgement_record = 4096;

/// Writes records for the judgements of one rule set. Immutable: any number of threads.
class JudgementRecords {
public:
    explicit JudgementRecords(const rules::RuleSet& rules);

    /// Returns the record's size; `out` is of max_judgement_record bytes. Allocates nothing.
    [[nodiscard]] std::size_t encode(const rules::Judgement& judgement, std::span<std::byte> out) const noexcept;

private:
    std::uint64_t version_;
    struct Part {
        std::string name; ///< the rule's part of a record, but for its tags
        std::string tags;
    };
    std::vector<Part> rules_;
};

struct JudgementRecord {
    std::uint64_t version = 0; ///< see short_version()
    bool drop = false;
    Judged judged;
};

/// Total: any bytes either decode or give false.
[[nodiscard]] bool decode_judgement(std::span<const std::byte> record, Phase phase, JudgementRecord& out);

} // namespace maptrail
