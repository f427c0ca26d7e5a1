#include "service/rules/compiled.hpp"
#include "service/rules/remote_name.hpp"
#include "service/text/device_name.hpp"
#include "service/text/text.hpp"

#include <algorithm>
#include <map>

namespace maptrail::rules {
namespace {

using Kind = Condition::Kind;
using Tables = RuleSet::Compiled;

template <class T, class Make>
Range append(std::vector<T>& table, const std::vector<std::string>& texts, const Make& make) {
    Range range;
    range.first = static_cast<std::uint32_t>(table.size());
    for (const std::string& text : texts) {
        table.push_back(make(text));
    }
    range.last = static_cast<std::uint32_t>(table.size());
    return range;
}

template <class T>
Range append(std::vector<T>& table, const std::vector<T>& values) {
    Range range;
    range.first = static_cast<std::uint32_t>(table.size());
    table.insert(table.end(), values.begin(), values.end());
    range.last = static_cast<std::uint32_t>(table.size());
    return range;
}

UserPattern user_pattern(const std::string& text) {
    if (const std::size_t at = text.find('\\'); at != std::string::npos) {
        return {Glob(text.substr(at + 1)), Glob(text.substr(0, at)), true, Glob(""), {}};
    }
    if (const std::size_t at = text.rfind('@'); at != std::string::npos) {
        return {Glob(text.substr(0, at)), Glob(text.substr(at + 1)), true, Glob(text), {}};
    }
    return {Glob(text), Glob(""), false, Glob(""), {}};
}

ProgramPattern program_pattern(std::string text) {
    unify_separators(text);
    const bool whole = text.find('\\') != std::string::npos;
    return {Glob(text), whole};
}

bool is_sid(const std::string& text) {
    return fold(text.substr(0, 4)) == "S-1-";
}

class Compiler {
public:
    Compiler(Tables& tables, const AccountLookup& lookup) : tables_(tables), lookup_(lookup) {}

    std::uint32_t add(const Condition& condition) {
        const auto place = static_cast<std::uint32_t>(tables_.nodes.size());
        tables_.nodes.emplace_back();
        tables_.paths.push_back(condition.path);
        Node node;
        node.kind = condition.kind;
        node.field = condition.field;
        if (condition.kind == Kind::field) {
            fill(node, condition);
        }
        for (const Condition& part : condition.parts) {
            add(part);
        }
        node.end = static_cast<std::uint32_t>(tables_.nodes.size());
        tables_.nodes[place] = node;
        return place;
    }

    /// Of a whole "when": its conditions that can be told from few bits, where all of them have to hold.
    void add_needs(std::uint32_t root) {
        tables_.prefilter.begin_rule();
        if (tables_.nodes[root].kind != Kind::all) {
            return;
        }
        for (std::uint32_t part = root + 1; part < tables_.nodes[root].end; part = tables_.nodes[part].end) {
            if (tables_.nodes[part].kind == Kind::field) {
                add_need(tables_.nodes[part]);
            }
        }
    }

private:
    void add_need(const Node& node) {
        Prefilter& prefilter = tables_.prefilter;
        const auto patterns = [&](const auto& table, const auto& glob_of) {
            std::vector<std::uint64_t> masks;
            for (std::uint32_t i = node.values.first; i < node.values.last; ++i) {
                masks.push_back(characters_needed_by(glob_of(table[i]).folded_pattern()));
            }
            prefilter.need_all_of_one(node.field, masks);
        };
        switch (node.field) {
        case Field::local:
        case Field::remote:
        case Field::server:
        case Field::share:
        case Field::provider:
        case Field::sid:
            return patterns(tables_.globs, [](const Glob& glob) -> const Glob& { return glob; });
        case Field::program:
            return patterns(tables_.programs,
                            [](const ProgramPattern& pattern) -> const Glob& { return pattern.glob; });
        case Field::action:
        case Field::phase:
        case Field::flags:
        case Field::forced:
        case Field::elevated:
        case Field::session:
        case Field::outcome:
        case Field::weekday:
        case Field::source:
            return prefilter.need_one_of(node.field, node.bits);
        case Field::resource_type:
        case Field::integrity:
        case Field::bitness:
        case Field::error: {
            std::uint64_t bits = 0;
            for (std::uint32_t i = node.values.first; i < node.values.last; ++i) {
                bits |= bit_of_number(tables_.numbers[i]);
            }
            return prefilter.need_one_of(node.field, bits);
        }
        case Field::user:
        case Field::group:
        case Field::time:
        case Field::address:
            return;
        }
    }

    void fill(Node& node, const Condition& condition) {
        for (const std::uint64_t number : condition.numbers) {
            node.bits |= condition.field == Field::flags ? number : number < 64 ? std::uint64_t{1} << number : 0;
        }
        switch (condition.field) {
        case Field::local:
            node.values = append(tables_.globs, condition.texts,
                                 [](const std::string& text) { return Glob(local_key_of(text)); });
            return;
        case Field::remote:
            node.values = append(tables_.globs, condition.texts, [](std::string text) {
                unify_separators(text);
                return Glob(text);
            });
            return;
        case Field::server:
        case Field::share:
        case Field::provider:
        case Field::sid:
            node.values = append(tables_.globs, condition.texts, [](const std::string& text) { return Glob(text); });
            return;
        case Field::user:
            node.values = append(tables_.users, condition.texts, [this](const std::string& text) {
                UserPattern pattern = user_pattern(text);
                const bool exact = text.find_first_of("*?") == std::string::npos;
                pattern.sid = exact ? look_up(text) : std::string();
                return pattern;
            });
            return;
        case Field::program:
            node.values = append(tables_.programs, condition.texts, program_pattern);
            return;
        case Field::group:
            node.values =
                append(tables_.groups, condition.texts, [this](const std::string& text) { return group(text); });
            return;
        case Field::time:
            node.values = append(tables_.times, condition.times);
            return;
        case Field::address:
            node.values = append(tables_.networks, condition.networks);
            return;
        default:
            node.values = append(tables_.numbers, condition.numbers);
        }
    }

    std::string group(const std::string& text) {
        std::string sid = is_sid(text) ? fold(text) : look_up(text);
        if (sid.empty() && std::ranges::find(tables_.unknown_groups, text) == tables_.unknown_groups.end()) {
            tables_.unknown_groups.push_back(text);
        }
        return sid;
    }

    /// Each name once: a look-up may ask a domain controller, and hundreds of rules may have the same one. Folded;
    /// empty if nobody knows the name.
    std::string look_up(const std::string& name) {
        const auto [found, is_new] = found_.try_emplace(fold(name));
        if (is_new && lookup_) {
            found->second = fold(lookup_(name).value_or(""));
        }
        tables_.unknown_accounts += is_new && found->second.empty() ? 1 : 0;
        return found->second;
    }

    Tables& tables_;
    const AccountLookup& lookup_;
    std::map<std::string, std::string> found_; ///< SIDs by folded name
};

bool mentions(const Condition& condition, Field field) {
    return condition.kind == Kind::field
               ? condition.field == field
               : std::ranges::any_of(condition.parts, [&](const Condition& part) { return mentions(part, field); });
}

} // namespace

Phases phases_of(const Condition& when) {
    if (mentions(when, Field::phase)) {
        return {true, true};
    }
    const bool after = mentions(when, Field::outcome) || mentions(when, Field::error);
    return {!after, after};
}

bool may_match(const Condition& when, Action action) {
    return std::ranges::none_of(when.parts, [&](const Condition& part) {
        return part.kind == Kind::field && part.field == Field::action &&
               std::ranges::find(part.numbers, static_cast<std::uint64_t>(action)) == part.numbers.end();
    });
}

std::uint16_t effects_of(const Rule& rule) {
    const auto bit = [](bool has, std::uint16_t value) { return has ? value : std::uint16_t{0}; };
    return static_cast<std::uint16_t>(bit(rule.deny.has_value(), effect::deny) | bit(rule.allow, effect::allow) |
                                      bit(!rule.tags.empty(), effect::tag) | bit(rule.severity != 0, effect::severity) |
                                      bit(rule.log, effect::log) | bit(rule.run.has_value(), effect::run) |
                                      bit(rule.drop.has_value(), effect::drop));
}

RuleSet::RuleSet(std::vector<Rule> rules, ConfigVersion version, const AccountLookup& lookup) {
    auto tables = std::make_shared<Compiled>();
    tables->version = version;
    Compiler compiler(*tables, lookup);
    for (const Rule& rule : rules) {
        const auto place = static_cast<std::uint16_t>(tables->roots.size());
        tables->roots.push_back(compiler.add(rule.when));
        compiler.add_needs(tables->roots.back());
        tables->effects.push_back(effects_of(rule));
        tables->asks_addresses = tables->asks_addresses || mentions(rule.when, Field::address);
        const Phases phases = phases_of(rule.when);
        for (const Action action : {Action::connect, Action::disconnect}) {
            auto& lists = tables->candidates.at(action == Action::connect ? 0 : 1);
            if (may_match(rule.when, action)) {
                if (phases.before) {
                    lists[0].push_back(place);
                }
                if (phases.after) {
                    lists[1].push_back(place);
                }
            }
        }
    }
    tables->rules = std::move(rules);
    compiled_ = std::move(tables);
}

} // namespace maptrail::rules
