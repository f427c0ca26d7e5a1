#include "service/config/read_rules.hpp"

#include "service/config/moments.hpp"
#include "service/config/read_effects.hpp"
#include "service/config/read_when.hpp"
#include "service/config/section.hpp"
#include "service/text/text.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace maptrail::config {
namespace {

using rules::Rule;

void refuse_unmatchable(const Document& document, const Node& when, const Rule& rule) {
    for (const Phase phase : {Phase::before, Phase::after}) {
        for (const Source source : {Source::pipe, Source::spool}) {
            if (can_match(rule.when, phase, source)) {
                return;
            }
        }
    }
    document.fail(when, "found conditions that never hold together: before the operation its outcome and error are not "
                        "known, and \"not\" of what is not known does not hold either");
}

/// What a rule does has to be possible when it matches.
void refuse_too_late(const Document& document, const Section& section, const Rule& rule) {
    if (rule.deny && !can_match(rule.when, Phase::before, Source::pipe)) {
        document.fail(*section.find("deny"),
                      "found in a rule that matches after the operation alone, when nothing is left to deny; expected "
                      "conditions that can hold before it");
    }
    if (const rules::Condition* asked = rule.drop ? phase_asked(rule.when) : nullptr) {
        document.fail(*section.find("drop"), "found in a rule with " + asked->path +
                                                 "; expected no condition on phase, outcome or error: an operation is "
                                                 "dropped whole, so that is decided before it");
    }
}

Rule read_rule(const Document& document, const Node& node) {
    static const Words keys{"name",     "description", "mode", "when", "deny",     "allow",    "tag",
                            "severity", "log",         "run",  "drop", "throttle", "technique"};
    const Section section(document, &node, keys);
    Rule rule;
    rule.path = document.path_of(node);
    rule.name =
        read_name(document, section.require("name", "a name of its own for each rule"), "a name", rules::max_rule_name);
    if (const Node* text = section.find("description")) {
        rule.description = read_text(document, *text, "a description", 0, max_description);
    }
    static const Words modes{"enforce", "audit"};
    const Node& mode = section.require("mode", R"("enforce", or "audit" to try the rule first)");
    rule.mode = static_cast<rules::Mode>(read_word(document, mode, modes));
    if (const Node* when = section.find("when")) {
        rule.when = read_when(document, *when);
        refuse_unmatchable(document, *when, rule);
    }
    read_effects(document, node, section, rule);
    refuse_too_late(document, section, rule);
    return rule;
}

} // namespace

std::vector<Rule> read_rules(const Document& document, const Node& node) {
    if (!std::holds_alternative<Node::Array>(node.value)) {
        document.fail_expected(node, "a list of rules, in [ ]");
    }
    if (node.members.size() > rules::max_rules) {
        document.fail(node.members[rules::max_rules].node,
                      "found more than " + std::to_string(rules::max_rules) + " rules");
    }
    std::vector<Rule> rules;
    std::map<std::string, std::string> paths; // by folded name
    for (const Member& member : node.members) {
        Rule rule = read_rule(document, member.node);
        const auto [other, is_new] = paths.emplace(fold(rule.name), rule.path);
        if (!is_new) {
            const auto name = std::ranges::find(member.node.members, "name", &Member::key);
            document.fail(name->node, "found " + in_quotes(rule.name) + ", the name of " + other->second +
                                          " too; expected one of its own, and case does not count");
        }
        rules.push_back(std::move(rule));
    }
    return rules;
}

} // namespace maptrail::config
