#include "service/sinks/rule_event.hpp"

#include "service/format/words.hpp"

namespace maptrail {

namespace {

std::string user_of(const Identity& identity) {
    return identity.user_domain.empty() ? identity.user_name : identity.user_domain + '\\' + identity.user_name;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += text.empty() ? "" : ", ";
        text += word;
    }
    return text;
}

} // namespace

std::vector<std::string> rule_event_strings(const Operation& operation, const MatchedRule& rule,
                                            std::uint64_t suppressed) {
    const bool denies = (rule.effects & effect::deny) != 0 && operation.judged.denied_status != 0;
    return {
        rule.name,
        std::string(word_of(operation.action)),
        operation.remote_name,
        operation.local_name,
        user_of(operation.identity),
        operation.identity.user_sid,
        operation.process.path,
        std::to_string(operation.process.pid),
        std::to_string(denies ? operation.judged.denied_status : operation.error),
        rule.severity == 0 ? std::string() : std::to_string(rule.severity),
        joined(rule.tags),
        rule.technique,
        std::to_string(suppressed),
    };
}

} // namespace maptrail
