// The tables that a RuleSet judges by.
#pragma once

#include "service/rules/prefilter.hpp"
#include "service/rules/rule_set.hpp"
#include "service/text/glob.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace maptrail::rules {

/// What a condition is, as far as the subject tells.
enum class Truth : std::uint8_t { no, not_known, yes };

/// Entries of one of the tables.
struct Range {
    std::uint32_t first = 0;
    std::uint32_t last = 0; ///< one beyond
};

/// A condition. Those of a tree lie one after the other, each before its parts.
struct Node {
    Condition::Kind kind = Condition::Kind::all;
    Field field = Field::action;
    std::uint32_t end = 0;  ///< where what comes after it and its parts lies
    Range values;           ///< in the field's table
    std::uint64_t bits = 0; ///< of a field with few values, which are its bits
};

/// A pattern for a user: of the name, and of the domain if the pattern names one.
struct UserPattern {
    Glob name;
    Glob domain;
    bool with_domain = false;
    Glob whole;      ///< of one with "@", which names of accounts on the internet have in them; else it fits no name
    std::string sid; ///< folded; of a name without a wildcard that this machine knows
};

struct ProgramPattern {
    Glob glob;
    bool whole_path = false;
};

struct RuleSet::Compiled {
    std::vector<Rule> rules;
    ConfigVersion version{};
    std::vector<std::string> unknown_groups;
    std::size_t unknown_accounts = 0;
    bool asks_addresses = false;

    std::vector<Node> nodes;
    std::vector<std::string> paths;   ///< of the nodes
    std::vector<std::uint32_t> roots; ///< of the rules
    std::vector<Glob> globs;
    std::vector<UserPattern> users;
    std::vector<ProgramPattern> programs;
    std::vector<std::string> groups; ///< SIDs, folded; empty: not known here
    std::vector<std::uint64_t> numbers;
    std::vector<TimeRange> times;
    std::vector<Network> networks;
    std::vector<std::uint16_t> effects; ///< of the rules
    Prefilter prefilter;

    /// The rules that look at such notifications, in order: by action and phase.
    std::array<std::array<std::vector<std::uint16_t>, 2>, 2> candidates;

    [[nodiscard]] const std::vector<std::uint16_t>* candidates_for(Action action, Phase phase) const noexcept;
    [[nodiscard]] Truth evaluate(std::uint32_t node, const Subject& subject) const noexcept;
    [[nodiscard]] Truth evaluate_field(const Node& node, const Subject& subject) const noexcept;
};

/// Whether the rule can match a notification of that action at all.
[[nodiscard]] bool may_match(const Condition& when, Action action);

/// The field's value, for people.
[[nodiscard]] std::string found_text(Field field, const Subject& subject);

} // namespace maptrail::rules
