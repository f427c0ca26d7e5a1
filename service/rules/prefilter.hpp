// A first look at rules: what their conditions need at the least. Most rules that do not match need a character, a flag
// or a kind of session that the subject does not have at all.
//
// Small and in one piece, because a service mostly finds its caches cold: between two connects others have used them.
#pragma once

#include "service/rules/rule.hpp"
#include "service/rules/subject.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace maptrail::rules {

/// What a subject has, by field: the characters of its text, or its value, each as bits that several may share.
using SubjectBits = std::array<std::uint64_t, field_count>;

[[nodiscard]] SubjectBits subject_bits(const Subject& subject) noexcept;

/// Bits of a text's characters. Of a pattern, those that whatever fits it has.
[[nodiscard]] std::uint64_t characters_of(std::string_view folded) noexcept;
[[nodiscard]] std::uint64_t characters_needed_by(std::string_view folded_pattern) noexcept;

/// The bit of a number that a condition compares.
[[nodiscard]] constexpr std::uint64_t bit_of_number(std::uint64_t number) noexcept {
    return std::uint64_t{1} << ((number ^ (number >> 12U)) & 63U);
}

/// One for a rule set: begin_rule() for each of its rules, in order, followed by what its "when" needs, all of it.
class Prefilter {
public:
    void begin_rule() { first_.push_back(static_cast<std::uint32_t>(needs_.size())); }

    /// The subject has to have one of the bits.
    void need_one_of(Field field, std::uint64_t bits) { needs_.push_back({field, 0, 0, bits}); }

    /// It has to have all bits of one of the masks. One that is 0 says nothing, and then all say nothing.
    void need_all_of_one(Field field, const std::vector<std::uint64_t>& masks);

    /// False: the rule does not match, whatever else there is.
    [[nodiscard]] bool may_match(std::size_t rule, const SubjectBits& bits) const noexcept;

private:
    struct Need {
        Field field;
        std::uint16_t masks; ///< how many; 0: `bits` is what counts
        std::uint32_t first; ///< of them
        std::uint64_t bits;
    };
    std::vector<std::uint32_t> first_; ///< of each rule's needs
    std::vector<Need> needs_;
    std::vector<std::uint64_t> masks_;
};

} // namespace maptrail::rules
