// Random rules and subjects from few words, so that every condition fits often, and often does not.
#pragma once

#include "tests/unit/rules_fixture.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace maptrail::rules_test {

/// The same numbers everywhere, which the standard's distributions do not promise.
class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    std::size_t below(std::size_t bound) { return engine_() % bound; }
    bool chance(unsigned percent) { return below(100) < percent; }

    template <typename Value>
    const Value& of(const std::vector<Value>& values) {
        return values[below(values.size())];
    }

private:
    std::mt19937_64 engine_;
};

/// A subject with the texts it refers to.
struct OwnedSubject {
    Subject rest; ///< all but the texts and groups
    std::string local;
    std::optional<std::string> remote;
    std::optional<std::string> server;
    std::optional<std::string> share;
    std::optional<std::string> provider;
    std::optional<std::string> user_name;
    std::optional<std::string> user_domain;
    std::string user_sid;
    std::optional<std::vector<std::string>> groups;
    std::optional<std::string> program;

    [[nodiscard]] Subject view() const {
        Subject s = rest;
        s.local = local;
        s.remote = remote;
        s.server = server;
        s.share = share;
        s.provider = provider;
        s.user_name = user_name;
        s.user_domain = user_domain;
        s.user_sid = user_sid;
        s.groups = groups;
        s.program = program;
        return s;
    }
};

namespace vocabulary {

inline const std::vector<std::string> texts{
    "", "A", "AB", "NAS", "\\\\NAS\\C$", "\\\\NAS\\PUBLIC", "\xC3\x89T\xC3\x89"};
inline const std::vector<std::string> locals{"", "Z", "LPT1"};
inline const std::vector<std::string> names{"JANE", "JOE@EXAMPLE.COM", "ADM-JANE"};
inline const std::vector<std::string> domains{"", "CORP", "LAB"};
inline const std::vector<std::string> sids{"", "S-1-5-18", "S-1-5-21-1-2-3-500", "S-1-5-21-1-2-3-1104"};
inline const std::vector<std::string> programs{"C:\\WINDOWS\\NET.EXE", "D:\\TOOLS\\NET.EXE", "X.EXE"};
inline const std::vector<std::string> text_globs{
    "",      "*",      "?",   "??", "n*",   "*s",        "*a*", "?a?",     "nas",   "\\\\nas\\*",
    "*\\c$", "\\\\*$", "a*b", "**", "*?$*", "\xC3\xA9*", "?t?", "*n?s\\*", "*b*c*", "\\\\nas\\c?"};
inline const std::vector<std::string> local_globs{"", "*", "z:", "Z", "?:", "lpt*", "lpt1:"};
inline const std::vector<std::string> user_globs{"jane",  "*jane",      "corp\\*",    "*\\jane",       "jane@lab",
                                                 "*@*",   "adm-*@corp", "\\jane",     "*@example.com", "*",
                                                 "j*\\*", "jane@",      "?orp\\?ane", "lab\\jane"};
inline const std::vector<std::string> sid_globs{"S-1-5-18", "s-1-5-21-*", "*-500", "S-1-5-32-544"};
inline const std::vector<std::string> groups{"S-1-1-0", "S-1-5-32-544", "S-1-5-32-545"};
inline const std::vector<std::string> group_names{"S-1-1-0", "s-1-5-32-545", "S-1-5-32-546", "Admins", "Nobody"};
inline const std::vector<std::string> program_globs{"net.exe",    "*.exe", "c:\\*", "c:/windows/*",
                                                    "*\\net.exe", "x*",    "?"};
inline const std::vector<std::uint32_t> statuses{0, 5, 53, 1223};

} // namespace vocabulary

/// What this machine knows of the names above.
inline std::optional<std::string> sid_of(const std::string& name) {
    return name == "Admins"                       ? std::optional<std::string>("S-1-5-32-544")
           : name == "jane" || name == "jane@lab" ? std::optional<std::string>("S-1-5-21-1-2-3-1104")
                                                  : std::nullopt;
}

inline Address random_address(Random& random) {
    Address address{};
    for (std::uint8_t& byte : address) {
        byte = static_cast<std::uint8_t>(random.below(2) * 0x40);
    }
    return address;
}

inline OwnedSubject random_subject(Random& random) {
    OwnedSubject s;
    const auto perhaps = [&](const std::vector<std::string>& words) {
        return random.chance(80) ? std::optional(random.of(words)) : std::nullopt;
    };
    s.rest.action = random.chance(70) ? Action::connect : Action::disconnect;
    s.rest.phase = random.chance(60) ? Phase::before : Phase::after;
    s.rest.source = random.chance(80) ? Source::pipe : Source::spool;
    s.local = random.of(vocabulary::locals);
    s.remote = perhaps(vocabulary::texts);
    s.server = perhaps(vocabulary::texts);
    s.share = perhaps(vocabulary::texts);
    s.provider = perhaps(vocabulary::texts);
    s.rest.resource_type = random.chance(80) ? std::optional<std::uint32_t>(random.below(3)) : std::nullopt;
    s.rest.flags = static_cast<std::uint32_t>(random.below(16));
    s.rest.forced = random.chance(30);
    if (random.chance(80)) {
        s.user_name = random.of(vocabulary::names);
        s.user_domain = random.of(vocabulary::domains);
    }
    s.user_sid = random.of(vocabulary::sids);
    if (random.chance(70)) {
        s.groups.emplace();
        for (const std::string& sid : vocabulary::groups) {
            if (random.chance(50)) {
                s.groups->push_back(sid);
            }
        }
    }
    s.rest.elevated = random.chance(80) ? std::optional(random.chance(50)) : std::nullopt;
    s.rest.integrity = static_cast<std::uint32_t>(random.below(4)) * 0x1000;
    s.rest.session = static_cast<SessionType>(random.below(4));
    s.program = perhaps(vocabulary::programs);
    s.rest.bitness = static_cast<std::uint8_t>(random.below(3) * 32);
    s.rest.status = random.of(vocabulary::statuses);
    s.rest.moment = {static_cast<std::uint16_t>(random.below(1440)), static_cast<std::uint8_t>(random.below(7))};
    s.rest.address = random.chance(60) ? std::optional(random_address(random)) : std::nullopt;
    return s;
}

inline void add_random_value(Random& random, Condition& condition) {
    const auto text = [&](const std::vector<std::string>& words) { condition.texts.push_back(random.of(words)); };
    const auto number = [&](std::uint64_t value) { condition.numbers.push_back(value); };
    switch (condition.field) {
    case Field::local:
        return text(vocabulary::local_globs);
    case Field::remote:
    case Field::server:
    case Field::share:
    case Field::provider:
        return text(vocabulary::text_globs);
    case Field::user:
        return text(vocabulary::user_globs);
    case Field::sid:
        return text(vocabulary::sid_globs);
    case Field::group:
        return text(vocabulary::group_names);
    case Field::program:
        return text(vocabulary::program_globs);
    case Field::time: {
        const auto minute = [&] { return static_cast<std::uint16_t>(random.below(24) * 60); };
        condition.times.push_back({minute(), minute()});
        return;
    }
    case Field::address:
        condition.networks.push_back({random_address(random), static_cast<std::uint8_t>(random.below(13))});
        return;
    case Field::action:
    case Field::phase:
    case Field::source:
    case Field::outcome:
        return number(1 + random.below(2));
    case Field::forced:
    case Field::elevated:
        return number(random.below(2));
    case Field::flags:
        return number(std::uint64_t{1} << random.below(5));
    case Field::integrity:
        return number(random.below(5) * 0x1000);
    case Field::bitness:
        return number(32 + random.below(2) * 32);
    case Field::error:
        return number(random.of(vocabulary::statuses));
    case Field::resource_type:
    case Field::session:
    case Field::weekday:
        return number(random.below(4));
    }
}

inline Condition random_condition(Random& random, int depth) {
    if (depth > 0 && random.chance(30)) {
        Condition list = group(static_cast<Condition::Kind>(1 + random.below(3)), {});
        for (std::size_t i = random.below(4); i > 0; --i) {
            list.parts.push_back(random_condition(random, depth - 1));
        }
        return list;
    }
    Condition condition = texts(static_cast<Field>(random.below(field_count)), {});
    for (std::size_t i = 1 + random.below(3); i > 0; --i) {
        add_random_value(random, condition);
    }
    return condition;
}

inline Rule random_rule(Random& random) {
    Rule result = rule("r", random.chance(60) ? Mode::enforce : Mode::audit);
    for (std::size_t i = random.below(4); i > 0; --i) {
        result.when.parts.push_back(random_condition(random, 3));
    }
    if (random.chance(30)) {
        result.deny = random.of(std::vector<std::uint32_t>{5, 65, 1223});
    } else if (random.chance(15)) {
        result.allow = true;
    }
    if (random.chance(10)) {
        result.drop = "why";
    }
    return result;
}

inline std::vector<Rule> random_rules(Random& random, std::size_t count) {
    std::vector<Rule> result;
    for (std::size_t i = 0; i < count; ++i) {
        result.push_back(random_rule(random));
    }
    return result;
}

} // namespace maptrail::rules_test
