// Rules and events for tests of the judge.
#pragma once

#include "service/rules/rule_set.hpp"
#include "service/rules/subject_buffer.hpp"
#include "service/text/utf.hpp"

#include <catch_amalgamated.hpp>

#include <string>
#include <utility>
#include <vector>

namespace maptrail::rules_test {

using namespace maptrail::rules;

inline Condition texts(Field field, std::vector<std::string> values) {
    Condition condition;
    condition.kind = Condition::Kind::field;
    condition.field = field;
    condition.texts = std::move(values);
    return condition;
}

inline Condition numbers(Field field, std::vector<std::uint64_t> values) {
    Condition condition;
    condition.kind = Condition::Kind::field;
    condition.field = field;
    condition.numbers = std::move(values);
    return condition;
}

inline Condition group(Condition::Kind kind, std::vector<Condition> parts) {
    Condition condition;
    condition.kind = kind;
    condition.parts = std::move(parts);
    return condition;
}

inline Condition any(std::vector<Condition> parts) {
    return group(Condition::Kind::any, std::move(parts));
}

inline Condition inverted(Condition part) {
    return group(Condition::Kind::none, {std::move(part)});
}

template <class... Conditions>
Rule rule(std::string name, Mode mode, Conditions... conditions) {
    Rule result;
    result.name = std::move(name);
    result.mode = mode;
    (result.when.parts.push_back(std::move(conditions)), ...);
    return result;
}

/// A connect of a plain user, unless the test says otherwise.
struct Event {
    Action action = Action::connect;
    Phase phase = Phase::before;
    Source source = Source::pipe;
    std::string local = "Z:";
    std::string remote = "\\\\server\\share";
    std::string provider;
    std::string device;
    std::uint32_t resource_type = 1;
    std::uint32_t flags = 0;
    std::uint32_t attributes = 0;
    std::uint32_t status = 0;
    Identity identity{.user_sid = "S-1-5-21-1-2-3-1001", .user_name = "jdoe", .user_domain = "CORP"};
    ClientProcess process{.pid = 7, .started = 0, .path = "C:\\Windows\\explorer.exe", .bitness = 64};
    std::vector<std::string> groups; ///< none: not known
    LocalMoment moment;
};

/// Calls `use` with the event as the service would see it.
template <class Use>
auto with_subject(const Event& event, const Use& use) {
    const std::u16string local = to_utf16(event.local);
    const std::u16string remote = to_utf16(event.remote);
    const std::u16string provider = to_utf16(event.provider);
    const std::u16string device = to_utf16(event.device);
    wire::Request request;
    request.action = static_cast<wire::Action>(event.action);
    request.phase = event.phase;
    request.status = event.status;
    request.flags = event.flags;
    request.attributes = event.attributes;
    request.resource_type = event.resource_type;
    request.local.view = local;
    request.remote.view = event.action == Action::connect ? std::u16string_view(remote) : std::u16string_view();
    request.provider.view = provider;
    request.device.view = device;
    SubjectBuffer buffer;
    return use(buffer.fill(request, event.source, event.identity, event.process,
                           event.groups.empty() ? nullptr : &event.groups, event.moment));
}

inline Judgement verdict(const RuleSet& set, const Event& event) {
    return with_subject(event, [&](const Subject& subject) {
        Judgement judgement;
        set.judge(subject, judgement);
        return judgement;
    });
}

inline std::vector<std::string> matched(const RuleSet& set, const Event& event) {
    std::vector<std::string> names;
    for (const MatchedRule& found : set.judged(verdict(set, event), event.phase).rules) {
        names.push_back(found.name);
    }
    return names;
}

inline std::vector<Explanation> explain(const RuleSet& set, const Event& event) {
    return with_subject(event, [&](const Subject& subject) { return set.explain(subject); });
}

} // namespace maptrail::rules_test
