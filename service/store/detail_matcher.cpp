#include "service/store/detail_matcher.hpp"

#include "service/format/fields.hpp"
#include "service/format/judged_json.hpp"
#include "service/rules/remote_name.hpp"
#include "service/text/text.hpp"

#include <algorithm>

namespace maptrail {
namespace {

std::vector<Glob> globs_of(const std::vector<std::string>& patterns) {
    return {patterns.begin(), patterns.end()};
}

template <typename T>
bool is_wanted(const std::vector<T>& values, T value) {
    return values.empty() || std::ranges::find(values, value) != values.end();
}

/// As the operation's JSON says it.
bool decision_is_wanted(const std::vector<Decision>& wanted_ones, const Operation& operation) {
    const Decision shown = operation.judged.would_deny ? Decision::deny : operation.decision;
    return wanted_ones.empty() || (operation.action != Action::loss && is_wanted(wanted_ones, shown));
}

} // namespace

DetailMatcher::DetailMatcher(const Query& query)
    : query_(query), servers_(globs_of(query.servers)), providers_(globs_of(query.providers)),
      tags_(globs_of(query.tags)), rules_(globs_of(query.rules)) {
    for (std::string share : query.shares) {
        rules::unify_separators(share);
        shares_.push_back({Glob(share), share.find('\\') != std::string::npos});
    }
    for (const std::string& text : query.texts) {
        texts_.emplace_back("*" + text + "*");
    }
    for (const FieldMatch& match : query.fields) {
        auto field = std::ranges::find(fields_, match.name, &Field::name);
        if (field == fields_.end()) {
            fields_.push_back({match.name, {}});
            field = std::prev(fields_.end());
        }
        field->globs.emplace_back(match.value);
    }
    looks_ = !servers_.empty() || !shares_.empty() || !providers_.empty() || !tags_.empty() || !rules_.empty() ||
             !texts_.empty() || !fields_.empty() || !query.sessions.empty() || !query.session_types.empty() ||
             !query.sources.empty() || !query.decisions.empty();
}

/// What is absent fits no pattern but the empty one.
bool DetailMatcher::one(const Glob& glob, std::string_view text) {
    if (text.empty()) {
        return glob.folded_pattern().empty();
    }
    fold_into(folded_, text);
    return glob.matches_folded(folded_);
}

bool DetailMatcher::any(const std::vector<Glob>& globs, std::string_view text) {
    return std::ranges::any_of(globs, [&](const Glob& glob) { return one(glob, text); });
}

bool DetailMatcher::remote_matches(const std::string& remote) {
    if (servers_.empty() && shares_.empty()) {
        return true;
    }
    std::string name = remote;
    rules::unify_separators(name);
    const rules::RemoteParts parts = rules::parts_of_remote(name);
    const std::string_view server = parts.server.value_or(std::string_view());
    const std::string_view share = parts.share.value_or(std::string_view());
    if (!servers_.empty() && !any(servers_, server)) {
        return false;
    }
    return shares_.empty() || std::ranges::any_of(shares_, [&](const ShareGlob& wanted_share) {
               if (!wanted_share.with_server) {
                   return one(wanted_share.glob, share);
               }
               return !share.empty() &&
                      one(wanted_share.glob, "\\\\" + std::string(server) + "\\" + std::string(share));
           });
}

bool DetailMatcher::session_matches(const Operation& operation) const {
    if (query_.sessions.empty() && query_.session_types.empty()) {
        return true;
    }
    if (operation.action == Action::loss && operation.process.pid == 0) {
        return false; // nobody knows whose it was
    }
    const Identity& who = operation.identity;
    return std::ranges::find(query_.sessions, who.session_id) != query_.sessions.end() ||
           std::ranges::find(query_.session_types, who.session_type) != query_.session_types.end();
}

bool DetailMatcher::rules_match(const Operation& operation) {
    if (!rules_.empty() &&
        std::ranges::none_of(operation.judged.rules, [&](const MatchedRule& rule) { return any(rules_, rule.name); })) {
        return false;
    }
    if (tags_.empty()) {
        return true;
    }
    const std::vector<std::string> tags = tags_of(operation.judged);
    return std::ranges::any_of(tags, [&](const std::string& tag) { return any(tags_, tag); });
}

bool DetailMatcher::text_matches(const Operation& operation) {
    if (texts_.empty()) {
        return true;
    }
    const Identity& who = operation.identity;
    const auto holds = [&](std::string_view text) { return !text.empty() && any(texts_, text); };
    return holds(who.user_domain.empty() ? who.user_name : who.user_domain + "\\" + who.user_name) ||
           holds(who.user_sid) || holds(operation.process.path) || holds(operation.local_name) ||
           holds(operation.remote_name) || holds(operation.provider) || holds(operation.host) ||
           holds(operation.reason) ||
           std::ranges::any_of(operation.judged.rules, [&](const MatchedRule& rule) { return holds(rule.name); });
}

bool DetailMatcher::fields_match(const Operation& operation) {
    return std::ranges::all_of(fields_, [&](const Field& field) {
        const std::vector<std::string> values = field_values(operation, field.name);
        return values.empty() ? any(field.globs, {})
                              : std::ranges::any_of(values, [&](const std::string& v) { return any(field.globs, v); });
    });
}

bool DetailMatcher::matches(const Operation& operation) {
    return is_wanted(query_.sources, operation.source) && decision_is_wanted(query_.decisions, operation) &&
           session_matches(operation) && (providers_.empty() || any(providers_, operation.provider)) &&
           remote_matches(operation.remote_name) && rules_match(operation) && text_matches(operation) &&
           fields_match(operation);
}

} // namespace maptrail
