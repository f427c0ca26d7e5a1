#include "service/rules/compiled.hpp"

#include <algorithm>
#include <span>

namespace maptrail::rules {
namespace {

using Kind = Condition::Kind;

Truth truth(bool value) {
    return value ? Truth::yes : Truth::no;
}

Truth negated(Truth value) {
    return value == Truth::not_known ? value : truth(value == Truth::no);
}

template <class T>
std::span<const T> entries(const std::vector<T>& table, Range range) {
    return std::span(table).subspan(range.first, range.last - range.first);
}

/// What is absent fits no pattern but the empty one, as in queries: "*" asks for calls that have such a name.
bool fits(const Glob& glob, std::string_view text) {
    return text.empty() ? glob.folded_pattern().empty() : glob.matches_folded(text);
}

Truth one_of(std::span<const Glob> globs, const std::optional<std::string_view>& text) {
    return text ? truth(std::ranges::any_of(globs, [&](const Glob& glob) { return fits(glob, *text); }))
                : Truth::not_known;
}

bool user_fits(const UserPattern& pattern, std::string_view name, std::string_view domain) {
    return (pattern.name.matches_folded(name) && (!pattern.with_domain || pattern.domain.matches_folded(domain))) ||
           fits(pattern.whole, name);
}

/// A name whose SID is known needs no look-up of the caller's, which would take too long here.
Truth user_is(std::span<const UserPattern> patterns, const Subject& subject) {
    Truth result = Truth::no;
    for (const UserPattern& pattern : patterns) {
        // A SID says for sure who it is, and is always known where it matters: names may be, or be old.
        if (!pattern.sid.empty() && !subject.user_sid.empty()) {
            if (pattern.sid == subject.user_sid) {
                return Truth::yes;
            }
        } else if (!subject.user_name || !subject.user_domain) {
            result = Truth::not_known;
        } else if (user_fits(pattern, *subject.user_name, *subject.user_domain)) {
            return Truth::yes;
        }
    }
    return result;
}

Truth program_is(std::span<const ProgramPattern> patterns, const std::optional<std::string_view>& path) {
    if (!path) {
        return Truth::not_known;
    }
    const std::string_view name = path->substr(path->find_last_of("\\/") + 1);
    return truth(std::ranges::any_of(patterns, [&](const ProgramPattern& pattern) {
        return pattern.glob.matches_folded(pattern.whole_path ? *path : name);
    }));
}

/// A group whose SID is not known may be any: it makes the answer unknown, not "no".
Truth in_group(std::span<const std::string> wanted, const Subject& subject) {
    if (!subject.groups) {
        return Truth::not_known;
    }
    Truth result = Truth::no;
    for (const std::string& group : wanted) {
        if (group.empty()) {
            result = Truth::not_known;
        } else if (std::ranges::binary_search(*subject.groups, group)) {
            return Truth::yes;
        }
    }
    return result;
}

Truth bit_of(std::uint64_t bits, std::uint64_t value) {
    return truth(value < 64 && ((bits >> value) & 1U) != 0);
}

bool covers(const TimeRange& range, std::uint16_t minute) {
    if (range.from == range.to) {
        return true;
    }
    return range.from < range.to ? minute >= range.from && minute < range.to
                                 : minute >= range.from || minute < range.to;
}

bool holds(const Network& network, const Address& address) {
    const std::size_t whole = network.bits / 8U;
    const unsigned rest = network.bits % 8U;
    if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole), network.address.begin())) {
        return false;
    }
    return rest == 0 || (address[whole] >> (8U - rest)) == (network.address[whole] >> (8U - rest));
}

} // namespace

Truth RuleSet::Compiled::evaluate_field(const Node& node, const Subject& subject) const noexcept {
    const auto is_one_of = [&](std::uint64_t value) {
        return truth(std::ranges::find(entries(numbers, node.values), value) != entries(numbers, node.values).end());
    };
    const auto one_glob = [&](const std::optional<std::string_view>& text) {
        return one_of(entries(globs, node.values), text);
    };
    switch (node.field) {
    case Field::action:
        return bit_of(node.bits, static_cast<std::uint64_t>(subject.action));
    case Field::phase:
        return bit_of(node.bits, static_cast<std::uint64_t>(subject.phase));
    case Field::local:
        return one_glob(subject.local);
    case Field::remote:
        return one_glob(subject.remote);
    case Field::server:
        return one_glob(subject.server);
    case Field::share:
        return one_glob(subject.share);
    case Field::resource_type:
        return subject.resource_type ? is_one_of(*subject.resource_type) : Truth::not_known;
    case Field::provider:
        return one_glob(subject.provider);
    case Field::flags:
        return truth((subject.flags & node.bits) != 0);
    case Field::forced:
        return bit_of(node.bits, subject.forced ? 1 : 0);
    case Field::user:
        return user_is(entries(users, node.values), subject);
    case Field::sid:
        return subject.user_sid.empty() ? Truth::not_known : one_glob(subject.user_sid);
    case Field::group:
        return in_group(entries(groups, node.values), subject);
    case Field::elevated:
        return subject.elevated ? bit_of(node.bits, *subject.elevated ? 1 : 0) : Truth::not_known;
    case Field::integrity:
        return subject.integrity != 0 ? is_one_of(subject.integrity) : Truth::not_known;
    case Field::session:
        return subject.session != SessionType::unknown ? bit_of(node.bits, static_cast<std::uint64_t>(subject.session))
                                                       : Truth::not_known;
    case Field::program:
        return program_is(entries(programs, node.values), subject.program);
    case Field::bitness:
        return subject.bitness != 0 ? is_one_of(subject.bitness) : Truth::not_known;
    case Field::outcome:
        return subject.phase == Phase::after
                   ? bit_of(node.bits,
                            static_cast<std::uint64_t>(subject.status == 0 ? Outcome::success : Outcome::failure))
                   : Truth::not_known;
    case Field::error:
        return subject.phase == Phase::after ? is_one_of(subject.status) : Truth::not_known;
    case Field::time:
        return truth(std::ranges::any_of(entries(times, node.values),
                                         [&](const TimeRange& range) { return covers(range, subject.moment.minute); }));
    case Field::weekday: // of the moment itself: what began on Friday at 22:00 is Saturday's at 01:00
        return bit_of(node.bits, subject.moment.weekday);
    case Field::address:
        return subject.address ? truth(std::ranges::any_of(
                                     entries(networks, node.values),
                                     [&](const Network& network) { return holds(network, *subject.address); }))
                               : Truth::not_known;
    case Field::source:
        return bit_of(node.bits, static_cast<std::uint64_t>(subject.source));
    }
    return Truth::not_known;
}

// The depth is bounded when the configuration is read.
Truth RuleSet::Compiled::evaluate(std::uint32_t place, const Subject& subject) const noexcept {
    const Node& node = nodes[place];
    if (node.kind == Kind::field) {
        return evaluate_field(node, subject);
    }
    const bool conjunction = node.kind == Kind::all;
    const Truth decisive = conjunction ? Truth::no : Truth::yes;
    Truth result = conjunction ? Truth::yes : Truth::no;
    for (std::uint32_t part = place + 1; part < node.end; part = nodes[part].end) {
        const Truth value = evaluate(part, subject);
        if (value == decisive) {
            result = value;
            break;
        }
        result = value == Truth::not_known ? value : result;
    }
    return node.kind == Kind::none ? negated(result) : result;
}

} // namespace maptrail::rules
