#include "service/format/words.hpp"
#include "service/rules/compiled.hpp"

#include <array>
#include <cstdio>

namespace maptrail::rules {
namespace {

using Kind = Condition::Kind;

constexpr const char* not_known = "not known";

std::string shown(const std::optional<std::string_view>& text) {
    return text ? '"' + std::string(*text) + '"' : not_known;
}

std::string number(std::uint64_t value, bool known) {
    return known ? std::to_string(value) : not_known;
}

std::string_view yes_no(bool value) {
    return value ? "true" : "false";
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return text.empty() ? "none" : text;
}

std::string address_text(const std::optional<Address>& address) {
    if (!address) {
        return not_known;
    }
    std::string text;
    for (std::size_t i = 0; i < address->size(); i += 2) {
        std::array<char, 8> group{};
        std::snprintf(group.data(), group.size(), "%s%02x%02x", i == 0 ? "" : ":", unsigned{(*address)[i]},
                      unsigned{(*address)[i + 1]});
        text += group.data();
    }
    return text;
}

std::string moment_text(const LocalMoment& moment) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%02u:%02u", moment.minute / 60U, moment.minute % 60U);
    return text.data();
}

} // namespace

std::string found_text(Field field, const Subject& subject) {
    static constexpr std::array<std::string_view, 7> weekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    const bool after = subject.phase == Phase::after;
    switch (field) {
    case Field::action:
        return std::string(word_of(subject.action));
    case Field::phase:
        return after ? "after" : "before";
    case Field::local:
        return shown(subject.local);
    case Field::remote:
        return shown(subject.remote);
    case Field::server:
        return shown(subject.server);
    case Field::share:
        return shown(subject.share);
    case Field::resource_type:
        return subject.resource_type ? resource_type_word(*subject.resource_type) : not_known;
    case Field::provider:
        return shown(subject.provider);
    case Field::flags:
        return joined(flag_words(subject.flags));
    case Field::forced:
        return std::string(yes_no(subject.forced));
    case Field::user:
        return subject.user_name ? shown(std::string(*subject.user_domain) + "\\" + std::string(*subject.user_name))
                                 : not_known;
    case Field::sid:
        return subject.user_sid.empty() ? not_known : shown(subject.user_sid);
    case Field::group:
        return subject.groups ? joined({subject.groups->begin(), subject.groups->end()}) : not_known;
    case Field::elevated:
        return subject.elevated ? std::string(yes_no(*subject.elevated)) : not_known;
    case Field::integrity:
        return subject.integrity != 0 ? integrity_word(subject.integrity) : not_known;
    case Field::session:
        return subject.session != SessionType::unknown ? std::string(word_of(subject.session)) : not_known;
    case Field::program:
        return shown(subject.program);
    case Field::bitness:
        return number(subject.bitness, subject.bitness != 0);
    case Field::outcome:
        return after ? std::string(word_of(subject.status == 0 ? Outcome::success : Outcome::failure)) : not_known;
    case Field::error:
        return number(subject.status, after);
    case Field::time:
        return moment_text(subject.moment);
    case Field::weekday:
        return std::string(weekdays.at(subject.moment.weekday));
    case Field::address:
        return address_text(subject.address);
    case Field::source:
        return std::string(word_of(subject.source));
    }
    return {};
}

namespace {

/// The first part that makes a conjunction what it is, as deep as one part alone is to blame: what does not hold, if
/// anything does not, and only else what can't be told.
std::uint32_t first_failing(const RuleSet::Compiled& tables, std::uint32_t place, const Subject& subject) {
    const Node& node = tables.nodes[place];
    if (node.kind != Kind::all) {
        return place;
    }
    const Truth truth = tables.evaluate(place, subject);
    for (std::uint32_t part = place + 1; part < node.end; part = tables.nodes[part].end) {
        if (tables.evaluate(part, subject) == truth) {
            return first_failing(tables, part, subject);
        }
    }
    return place;
}

Explanation explain_one(const RuleSet::Compiled& tables, std::uint16_t rule, const Subject& subject) {
    using Result = Explanation::Result;
    const Phases phases = phases_of(tables.rules[rule].when);
    Explanation explanation;
    if (subject.phase == Phase::before ? !phases.before : !phases.after) {
        explanation.result = Result::other_phase;
        return explanation;
    }
    const std::uint32_t root = tables.roots[rule];
    if (tables.evaluate(root, subject) == Truth::yes) {
        explanation.result = Result::matched;
        return explanation;
    }
    const std::uint32_t place = first_failing(tables, root, subject);
    const Node& node = tables.nodes[place];
    explanation.result = tables.evaluate(place, subject) == Truth::not_known ? Result::not_known : Result::failed;
    explanation.condition = tables.paths[place];
    explanation.found = node.kind == Kind::field ? found_text(node.field, subject) : std::string();
    return explanation;
}

} // namespace

std::vector<Explanation> RuleSet::explain(const Subject& subject) const {
    std::vector<Explanation> result;
    bool ended = false;
    for (std::size_t i = 0; i < rules().size(); ++i) {
        Explanation& one = result.emplace_back();
        if (ended) {
            one.result = Explanation::Result::not_reached;
            continue;
        }
        one = explain_one(*compiled_, static_cast<std::uint16_t>(i), subject);
        const Rule& rule = rules()[i];
        ended = one.result == Explanation::Result::matched && rule.allow && rule.mode == Mode::enforce;
    }
    return result;
}

} // namespace maptrail::rules
