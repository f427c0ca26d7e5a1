#include "service/config/moments.hpp"

#include <algorithm>

namespace maptrail::config {
namespace {

using rules::Condition;
using rules::Field;

/// Neither: it is not known then.
struct Can {
    bool hold = false;
    bool fail = false;
};

template <class Value>
Can known(const Condition& condition, Value value) {
    const bool among =
        std::ranges::find(condition.numbers, static_cast<std::uint64_t>(value)) != condition.numbers.end();
    return {among, !among};
}

bool known_afterwards(Field field) {
    return field == Field::outcome || field == Field::error;
}

Can look(const Condition& condition, Phase phase, Source source) {
    if (condition.kind == Condition::Kind::field) {
        if (condition.field == Field::phase) {
            return known(condition, phase);
        }
        if (condition.field == Field::source) {
            return known(condition, source);
        }
        const bool is_known = phase == Phase::after || !known_afterwards(condition.field);
        return {is_known, is_known};
    }
    Can all{true, false};
    Can any{false, true};
    for (const Condition& part : condition.parts) {
        const Can can = look(part, phase, source);
        all = {all.hold && can.hold, all.fail || can.fail};
        any = {any.hold || can.hold, any.fail && can.fail};
    }
    switch (condition.kind) {
    case Condition::Kind::any:
        return any;
    case Condition::Kind::none:
        return {any.fail, any.hold};
    default:
        return all;
    }
}

const Condition* find(const Condition& condition, bool (*wanted)(Field)) {
    if (condition.kind == Condition::Kind::field) {
        return wanted(condition.field) ? &condition : nullptr;
    }
    for (const Condition& part : condition.parts) {
        if (const Condition* const found = find(part, wanted)) {
            return found;
        }
    }
    return nullptr;
}

} // namespace

bool can_match(const Condition& when, Phase phase, Source source) {
    const rules::Phases phases = rules::phases_of(when);
    return (phase == Phase::before ? phases.before : phases.after) && look(when, phase, source).hold;
}

const Condition* phase_asked(const Condition& when) {
    return find(when, [](Field field) { return field == Field::phase || known_afterwards(field); });
}

} // namespace maptrail::config
