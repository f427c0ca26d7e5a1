#include "service/config/read_when.hpp"

#include "service/config/field_words.hpp"
#include "service/config/read_field.hpp"

#include <algorithm>
#include <optional>

namespace maptrail::config {
namespace {

using rules::Condition;
using rules::Field;

const Words& condition_keys() {
    static const Words keys = [] {
        Words all = field_keys();
        all.insert(all.end(), {"any", "all", "not"});
        return all;
    }();
    return keys;
}

std::optional<Condition::Kind> kind_of(std::string_view key) {
    return key == "any"   ? std::optional(Condition::Kind::any)
           : key == "all" ? std::optional(Condition::Kind::all)
           : key == "not" ? std::optional(Condition::Kind::none)
                          : std::nullopt;
}

Condition read_conditions(const Document& document, const Node& node);

/// "any" and "all" take a list, "not" one object as well. Each object has to ask for something: an empty one would make
/// the rest of the list meaningless.
void read_parts(const Document& document, const Node& node, Condition& condition) {
    const bool list = std::holds_alternative<Node::Array>(node.value);
    const bool object = std::holds_alternative<Node::Object>(node.value);
    if (!list && (condition.kind != Condition::Kind::none || !object)) {
        document.fail_expected(node, condition.kind == Condition::Kind::none
                                         ? "an object with conditions, or a list of such objects"
                                         : "a list of objects with conditions, in [ ]");
    }
    for (const Node* part : values_of(document, node)) {
        if (std::holds_alternative<Node::Object>(part->value) && part->members.empty()) {
            document.fail(*part, "found an empty object; expected one condition at the least");
        }
        condition.parts.push_back(read_conditions(document, *part));
    }
}

Condition read_conditions(const Document& document, const Node& node) {
    const Section keys(document, &node, condition_keys());
    Condition all;
    all.kind = Condition::Kind::all;
    all.path = document.path_of(node);
    for (const Member& member : node.members) {
        Condition condition;
        condition.path = document.path_of(member.node);
        if (const auto kind = kind_of(member.key)) {
            condition.kind = *kind;
            read_parts(document, member.node, condition);
        } else {
            const auto field = std::ranges::find(field_keys(), member.key);
            condition.kind = Condition::Kind::field;
            condition.field = static_cast<Field>(field - field_keys().begin());
            read_field(document, member.node, condition);
        }
        all.parts.push_back(std::move(condition));
    }
    return all;
}

} // namespace

rules::Condition read_when(const Document& document, const Node& node) {
    return read_conditions(document, node);
}

} // namespace maptrail::config
