// The judge against the plainest reading of the rules that there is: strings, copies, every rule looked at in full.
#include "tests/unit/rules_random.hpp"

#include "service/text/text.hpp"
#include "service/text/utf.hpp"

#include <algorithm>

using namespace maptrail;
using namespace maptrail::rules;
using namespace maptrail::rules_test;

namespace {

using Known = std::optional<bool>;

std::u32string code_points(std::string_view text) {
    std::u32string result;
    while (!text.empty()) {
        result.push_back(next_code_point(text));
    }
    return result;
}

bool reference_glob(const std::string& glob, const std::string& text) {
    const std::u32string p = code_points(fold(glob));
    const std::u32string t = code_points(text);
    std::vector<bool> fits(t.size() + 1); // whether what is left of the pattern fits what is left of the text
    fits[t.size()] = true;
    for (auto c = p.rbegin(); c != p.rend(); ++c) {
        std::vector<bool> next(t.size() + 1);
        for (std::size_t i = t.size() + 1; i-- > 0;) {
            next[i] = *c == U'*' ? fits[i] || (i < t.size() && next[i + 1])
                                 : i < t.size() && (*c == U'?' || *c == t[i]) && fits[i + 1];
        }
        fits = next;
    }
    return fits[0];
}

bool fits_one(const std::vector<std::string>& globs, const std::string& text) {
    return std::ranges::any_of(
        globs, [&](const std::string& glob) { return text.empty() ? glob.empty() : reference_glob(glob, text); });
}

bool among(const std::vector<std::uint64_t>& numbers, std::uint64_t value) {
    return std::ranges::count(numbers, value) > 0;
}

bool name_fits(const std::string& glob, const std::string& name, const std::string& domain) {
    if (glob.find('\\') != std::string::npos) {
        return reference_glob(glob, domain + "\\" + name);
    }
    return reference_glob(glob, name) ||
           (glob.find('@') != std::string::npos && reference_glob(glob, name + "@" + domain));
}

/// By SID where the machine knows one for the name, else by name where the names are known.
Known user_fits(const std::vector<std::string>& globs, const OwnedSubject& s) {
    bool not_found = false;
    for (const std::string& glob : globs) {
        const std::optional<std::string> sid = sid_of(glob);
        const bool by_sid = sid && !s.user_sid.empty();
        if (by_sid ? *sid == s.user_sid : s.user_name && name_fits(glob, *s.user_name, *s.user_domain)) {
            return true;
        }
        not_found = not_found || (!by_sid && !s.user_name);
    }
    return not_found ? Known() : false;
}

bool program_fits(const std::vector<std::string>& globs, const std::string& path) {
    return std::ranges::any_of(globs, [&](std::string glob) {
        std::ranges::replace(glob, '/', '\\');
        const bool whole = glob.find('\\') != std::string::npos;
        return reference_glob(glob, whole ? path : path.substr(path.rfind('\\') + 1));
    });
}

Known member(const std::vector<std::string>& texts, const std::vector<std::string>& groups) {
    bool not_found = false;
    for (const std::string& text : texts) {
        const auto sid = text.starts_with("S-") || text.starts_with("s-") ? fold(text) : sid_of(text).value_or("");
        if (std::ranges::count(groups, sid) > 0) {
            return true;
        }
        not_found = not_found || sid.empty();
    }
    return not_found ? Known() : false;
}

bool in_network(const Address& address, const Network& network) {
    for (unsigned bit = 0; bit < network.bits; ++bit) {
        const unsigned mask = 0x80U >> bit % 8;
        if ((address[bit / 8] & mask) != (network.address[bit / 8] & mask)) {
            return false;
        }
    }
    return true;
}

bool in_range(unsigned minute, const TimeRange& range) {
    for (unsigned at = range.from, left = 1440; left > 0; --left, at = (at + 1) % 1440) {
        if (at == minute) {
            return true;
        }
        if ((at + 1) % 1440 == range.to) {
            return false;
        }
    }
    return false;
}

Known field_holds(const Condition& c, const OwnedSubject& s) {
    const auto text = [&](const std::optional<std::string>& value) {
        return value ? Known(fits_one(c.texts, *value)) : Known();
    };
    const auto number = [&](bool known, std::uint64_t value) {
        return known ? Known(among(c.numbers, value)) : Known();
    };
    const Subject& r = s.rest;
    const bool after = r.phase == Phase::after;
    switch (c.field) {
    case Field::action:
        return number(true, static_cast<std::uint64_t>(r.action));
    case Field::phase:
        return number(true, static_cast<std::uint64_t>(r.phase));
    case Field::local: {
        std::vector<std::string> globs = c.texts;
        for (std::string& glob : globs) {
            glob = glob.ends_with(':') ? glob.substr(0, glob.size() - 1) : glob;
        }
        return fits_one(globs, s.local);
    }
    case Field::remote:
        return text(s.remote);
    case Field::server:
        return text(s.server);
    case Field::share:
        return text(s.share);
    case Field::resource_type:
        return number(r.resource_type.has_value(), r.resource_type.value_or(0));
    case Field::provider:
        return text(s.provider);
    case Field::flags:
        return std::ranges::any_of(c.numbers, [&](std::uint64_t bits) { return (bits & r.flags) != 0; });
    case Field::forced:
        return number(true, r.forced);
    case Field::user:
        return user_fits(c.texts, s);
    case Field::sid:
        return s.user_sid.empty() ? Known() : text(s.user_sid);
    case Field::group:
        return s.groups ? member(c.texts, *s.groups) : Known();
    case Field::elevated:
        return number(r.elevated.has_value(), r.elevated.value_or(false));
    case Field::integrity:
        return number(r.integrity != 0, r.integrity);
    case Field::session:
        return number(r.session != SessionType::unknown, static_cast<std::uint64_t>(r.session));
    case Field::program:
        return s.program ? Known(program_fits(c.texts, *s.program)) : Known();
    case Field::bitness:
        return number(r.bitness != 0, r.bitness);
    case Field::outcome:
        return number(after, r.status == 0 ? 1 : 2);
    case Field::error:
        return number(after, r.status);
    case Field::time:
        return std::ranges::any_of(c.times, [&](const auto& range) { return in_range(r.moment.minute, range); });
    case Field::weekday:
        return number(true, r.moment.weekday);
    case Field::address:
        return r.address ? Known(std::ranges::any_of(
                               c.networks, [&](const auto& network) { return in_network(*r.address, network); }))
                         : Known();
    case Field::source:
        return number(true, static_cast<std::uint64_t>(r.source));
    }
    return {};
}

Known reference_holds(const Condition& c, const OwnedSubject& s) {
    if (c.kind == Condition::Kind::field) {
        return field_holds(c, s);
    }
    std::size_t yes = 0;
    std::size_t no = 0;
    for (const Condition& part : c.parts) {
        const Known one = reference_holds(part, s);
        yes += one == true ? 1 : 0;
        no += one == false ? 1 : 0;
    }
    if (c.kind == Condition::Kind::all) {
        return no > 0 ? Known(false) : yes == c.parts.size() ? Known(true) : Known();
    }
    const Known any = yes > 0 ? Known(true) : no == c.parts.size() ? Known(false) : Known();
    return c.kind == Condition::Kind::any || !any ? any : Known(!*any);
}

struct Expected {
    std::vector<int> matched;
    std::optional<std::uint32_t> denied;
    std::optional<std::uint32_t> would_deny;
    bool drop = false;
};

Expected reference_judge(const std::vector<Rule>& rules, const OwnedSubject& s) {
    Expected expected;
    const bool before = s.rest.phase == Phase::before;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const Rule& rule = rules[i];
        const Phases phases = phases_of(rule.when);
        if (!(before ? phases.before : phases.after) || reference_holds(rule.when, s) != true) {
            continue;
        }
        expected.matched.push_back(static_cast<int>(i));
        const bool enforced = rule.mode == Mode::enforce;
        if (rule.deny && enforced && before && s.rest.source == Source::pipe) {
            expected.denied = expected.denied.value_or(*rule.deny);
        } else if (rule.deny && !expected.denied) {
            expected.would_deny = expected.would_deny.value_or(*rule.deny);
        }
        expected.drop = expected.drop || (enforced && rule.drop);
        if (enforced && rule.allow) {
            break;
        }
    }
    return expected;
}

Judgement judgement_of(const RuleSet& set, const OwnedSubject& s) {
    Judgement judgement;
    set.judge(s.view(), judgement);
    return judgement;
}

void compare(const std::vector<Rule>& rules, const RuleSet& set, const OwnedSubject& s) {
    const Expected expected = reference_judge(rules, s);
    const Judgement got = judgement_of(set, s);
    const std::size_t listed = std::min(expected.matched.size(), Judgement::most);
    REQUIRE(std::vector<int>(got.matched.begin(), got.matched.begin() + got.count) ==
            std::vector(expected.matched.begin(), expected.matched.begin() + static_cast<std::ptrdiff_t>(listed)));
    REQUIRE(got.more == (listed < expected.matched.size()));
    REQUIRE((got.decision == Decision::deny) == expected.denied.has_value());
    REQUIRE(got.would_deny == (expected.would_deny && !expected.denied));
    REQUIRE(got.denied_status == expected.denied.value_or(expected.would_deny.value_or(0)));
    REQUIRE(got.drop == expected.drop);

    // What is explained is what is judged.
    std::vector<int> explained;
    const auto explanations = set.explain(s.view());
    for (std::size_t i = 0; i < explanations.size(); ++i) {
        if (explanations[i].result == Explanation::Result::matched) {
            explained.push_back(static_cast<int>(i));
        }
    }
    REQUIRE(explained == expected.matched);
    REQUIRE((set.looks_at(s.rest.action, s.rest.phase) || expected.matched.empty()));
}

} // namespace

TEST_CASE("the judge says what the plainest reading of the rules says", "[rules]") {
    Random random(20240229);
    std::size_t matches = 0;
    for (int round = 0; round < 2'000; ++round) {
        const std::vector<Rule> rules = random_rules(random, random.below(40));
        const RuleSet set(rules, {}, sid_of);
        for (int i = 0; i < 10; ++i) {
            const OwnedSubject subject = random_subject(random);
            CAPTURE(round, i);
            compare(rules, set, subject);
            matches += judgement_of(set, subject).count;
        }
    }
    CHECK(matches > 10'000);
}

TEST_CASE("bytes that are no text harm nothing", "[rules]") {
    Random random(7);
    const auto bytes = [&] {
        std::string result(random.below(40), '\0');
        for (char& c : result) {
            c = random.chance(30) ? random.of(std::vector<char>{'*', '?', '\\', '@', ':', 'A'})
                                  : static_cast<char>(random.below(256));
        }
        return result;
    };
    for (int round = 0; round < 300; ++round) {
        std::vector<Rule> rules;
        for (int i = 0; i < 20; ++i) {
            Rule one = random_rule(random);
            for (Condition& condition : one.when.parts) {
                std::ranges::generate(condition.texts, bytes);
            }
            rules.push_back(std::move(one));
        }
        const RuleSet set(rules, {}, sid_of);
        OwnedSubject s = random_subject(random);
        s.remote = s.server = s.share = s.provider = s.program = bytes();
        s.user_name = bytes();
        s.user_domain = bytes();
        s.local = bytes();
        s.user_sid = bytes();
        s.groups = std::vector{bytes()};
        const Judgement judgement = judgement_of(set, s);
        CHECK(set.judged(judgement, s.rest.phase).rules.size() == judgement.count);
        CHECK(set.explain(s.view()).size() == rules.size());
    }
}
