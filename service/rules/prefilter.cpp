#include "service/rules/prefilter.hpp"

#include <algorithm>
#include <limits>
#include <span>

namespace maptrail::rules {
namespace {

std::uint64_t bit_of_character(char c) noexcept {
    return std::uint64_t{1} << (static_cast<unsigned char>(c) & 63U);
}

std::uint64_t characters_if_known(const std::optional<std::string_view>& text) noexcept {
    return text ? characters_of(*text) : 0;
}

/// Of an enumeration whose values are bits in a condition. What is not known has none.
template <class Enum>
std::uint64_t bit_of_value(Enum value) noexcept {
    return std::uint64_t{1} << static_cast<unsigned>(value);
}

} // namespace

std::uint64_t characters_of(std::string_view folded) noexcept {
    std::uint64_t bits = 0;
    for (const char c : folded) {
        bits |= bit_of_character(c);
    }
    return bits;
}

std::uint64_t characters_needed_by(std::string_view folded_pattern) noexcept {
    std::uint64_t bits = 0;
    for (const char c : folded_pattern) {
        bits |= c == '*' || c == '?' ? 0 : bit_of_character(c);
    }
    return bits;
}

SubjectBits subject_bits(const Subject& subject) noexcept {
    SubjectBits bits{};
    const auto at = [&](Field field) -> std::uint64_t& { return bits[static_cast<std::size_t>(field)]; };
    at(Field::action) = bit_of_value(subject.action);
    at(Field::phase) = bit_of_value(subject.phase);
    at(Field::local) = characters_of(subject.local);
    at(Field::remote) = characters_if_known(subject.remote);
    at(Field::server) = characters_if_known(subject.server);
    at(Field::share) = characters_if_known(subject.share);
    at(Field::resource_type) = subject.resource_type ? bit_of_number(*subject.resource_type) : 0;
    at(Field::provider) = characters_if_known(subject.provider);
    at(Field::flags) = subject.flags;
    at(Field::forced) = bit_of_value(subject.forced ? 1U : 0U);
    at(Field::sid) = characters_of(subject.user_sid);
    at(Field::elevated) = subject.elevated ? bit_of_value(*subject.elevated ? 1U : 0U) : 0;
    at(Field::integrity) = subject.integrity != 0 ? bit_of_number(subject.integrity) : 0;
    at(Field::session) = subject.session != SessionType::unknown ? bit_of_value(subject.session) : 0;
    at(Field::program) = characters_if_known(subject.program);
    at(Field::bitness) = subject.bitness != 0 ? bit_of_number(subject.bitness) : 0;
    if (subject.phase == Phase::after) {
        at(Field::outcome) = bit_of_value(subject.status == 0 ? Outcome::success : Outcome::failure);
        at(Field::error) = bit_of_number(subject.status);
    }
    at(Field::weekday) = bit_of_value(subject.moment.weekday);
    at(Field::source) = bit_of_value(subject.source);
    return bits;
}

void Prefilter::need_all_of_one(Field field, const std::vector<std::uint64_t>& masks) {
    if (masks.empty() || masks.size() > std::numeric_limits<std::uint16_t>::max() ||
        std::ranges::count(masks, std::uint64_t{0}) != 0) {
        return;
    }
    needs_.push_back({field, static_cast<std::uint16_t>(masks.size()), static_cast<std::uint32_t>(masks_.size()), 0});
    masks_.insert(masks_.end(), masks.begin(), masks.end());
}

bool Prefilter::may_match(std::size_t rule, const SubjectBits& bits) const noexcept {
    const std::size_t end = rule + 1 < first_.size() ? first_[rule + 1] : needs_.size();
    for (std::size_t i = first_[rule]; i < end; ++i) {
        const Need& need = needs_[i];
        const std::uint64_t has = bits[static_cast<std::size_t>(need.field)];
        const auto masks = std::span(masks_).subspan(need.first, need.masks);
        const bool met = need.masks == 0 ? (need.bits & has) != 0
                                         : std::ranges::any_of(masks, [has](auto mask) { return (mask & ~has) == 0; });
        if (!met) {
            return false;
        }
    }
    return true;
}

} // namespace maptrail::rules
