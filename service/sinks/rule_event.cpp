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

std::vector<std::string> rule_event_strings(const Notification& notification, const MatchedRule& rule,
                                            std::uint32_t status, std::uint64_t suppressed) {
    return {
        rule.name,
        std::string(word_of(notification.action)),
        notification.remote_name,
        notification.local_name,
        user_of(notification.identity),
        notification.identity.user_sid,
        notification.process.path,
        std::to_string(notification.process.pid),
        std::to_string(status),
        rule.severity == 0 ? std::string() : std::to_string(rule.severity),
        joined(rule.tags),
        rule.technique,
        std::to_string(suppressed),
    };
}

} // namespace maptrail
