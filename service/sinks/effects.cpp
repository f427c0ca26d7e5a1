#include "service/sinks/effects.hpp"

#include "service/format/ecs_json.hpp"
#include "service/format/judged_json.hpp"
#include "service/format/words.hpp"
#include "service/rules/remote_name.hpp"
#include "service/sinks/rule_event.hpp"
#include "service/text/text.hpp"

#include <algorithm>
#include <optional>

namespace maptrail {
namespace {

constexpr std::chrono::seconds minute{60};

std::string value_of(const Operation& operation, rules::Field field) {
    std::string remote = operation.remote_name;
    rules::unify_separators(remote);
    const rules::RemoteParts parts = rules::parts_of_remote(remote);
    switch (field) {
    case rules::Field::remote:
        return remote;
    case rules::Field::server:
        return std::string(parts.server.value_or(""));
    case rules::Field::share:
        return std::string(parts.server.value_or("")) + '\\' + std::string(parts.share.value_or(""));
    case rules::Field::local:
        return operation.local_name;
    case rules::Field::user: // names may be missing, and one SID has one name
    case rules::Field::sid:
        return operation.identity.user_sid;
    case rules::Field::program:
        return operation.process.path;
    default: // the loader takes no other
        return {};
    }
}

/// Values are set apart by a byte that UTF-8 has none of.
std::string throttle_key(const Operation& operation, const std::string& rule, const rules::Throttle* throttle) {
    std::string key = "rule\xFF" + rule;
    if (throttle != nullptr) {
        for (const rules::Field field : throttle->key) {
            key += '\xFF' + fold(value_of(operation, field));
        }
    }
    return key;
}

std::optional<EventKind> event_of(const Operation& operation, const MatchedRule& matched) {
    const bool enforced = !matched.audit;
    if ((matched.effects & effect::deny) != 0) {
        // What the notifyee refused by itself was judged too late to be by a rule.
        const bool denied =
            operation.decision == Decision::deny && !operation.judged.would_deny && operation.source != Source::spool;
        if (enforced && denied && matched.name == denying_rule(operation)) {
            return EventKind::denied;
        }
        if (!enforced || !denied) {
            return EventKind::would_be_denied;
        }
    }
    return enforced && (matched.effects & effect::log) != 0 ? std::optional(EventKind::alert) : std::nullopt;
}

const rules::Rule* rule_named(const rules::RuleSet* set, const std::string& name) {
    if (set == nullptr) {
        return nullptr;
    }
    const auto found = std::ranges::find(set->rules(), name, &rules::Rule::name);
    return found == set->rules().end() ? nullptr : &*found;
}

/// The operation as the history shows it, and whose command is run for it.
std::string event_json(const Operation& operation, const std::string& rule) {
    nlohmann::ordered_json json = operation_to_json(operation);
    json["rule"] = {{"name", rule}};
    return json_line(json) + '\n';
}

} // namespace

void Effects::take(std::shared_ptr<const rules::RuleSet> rules) {
    const std::scoped_lock lock(mutex_);
    rules_ = std::move(rules);
}

void Effects::act(const Operation& operation) {
    std::shared_ptr<const rules::RuleSet> rules;
    {
        const std::scoped_lock lock(mutex_);
        rules = rules_;
    }
    for (const MatchedRule& matched : operation.judged.rules) {
        act(operation, matched, rule_named(rules.get(), matched.name));
    }
}

void Effects::act(const Operation& operation, const MatchedRule& matched, const rules::Rule* rule) {
    const std::optional<EventKind> event = event_of(operation, matched);
    const bool runs = !matched.audit && (matched.effects & effect::run) != 0 && rule != nullptr && rule->run &&
                      !system_.is_own(operation.process);
    if (!event && !runs) {
        return;
    }
    const rules::Throttle* const throttle = rule != nullptr && rule->throttle ? &*rule->throttle : nullptr;
    Throttle::Answer answer = ask(throttle_key(operation, matched.name, throttle), throttle);
    if (answer.allowed && throttle != nullptr && !throttle->key.empty()) {
        answer = ask_all_keys(matched.name, answer);
    }
    if (event && answer.allowed) {
        system_.report(*event, rule_event_strings(operation, matched, answer.suppressed));
    }
    if (runs && (answer.allowed || throttle == nullptr)) { // the queue of commands has a bound of its own
        system_.run({matched.name, *rule->run, event_json(operation, matched.name)});
    }
}

void Effects::lost(const Loss& loss) {
    const std::string kind(word_of(loss.kind));
    const Throttle::Answer answer = ask("loss\xFF" + kind, nullptr);
    if (!answer.allowed) {
        return;
    }
    const std::string others =
        answer.suppressed == 0 ? std::string()
                               : "; " + std::to_string(answer.suppressed) +
                                     " others like it were not reported here, `maptrail history --action loss` has all";
    system_.report(EventKind::loss, {std::to_string(loss.count), kind, loss.reason + others});
}

void Effects::ended(const Command& command, const CommandResult& result) {
    if (succeeded(result)) {
        return;
    }
    const Throttle::Answer answer = ask("command\xFF" + command.rule, nullptr);
    if (!answer.allowed) {
        return;
    }
    const std::string outcome =
        outcome_text(command, result) +
        (answer.suppressed == 0 ? "" : "; " + std::to_string(answer.suppressed) + " others were not reported");
    system_.error("the command of rule \"" + command.rule + "\" " + outcome + ": " + command.run.program);
    system_.report(EventKind::command_failed, {command.rule, command.run.program, outcome, result.output});
}

/// `answer` is its own key's, which allows it.
Throttle::Answer Effects::ask_all_keys(const std::string& rule, Throttle::Answer answer) {
    const std::string key = "keys\xFF" + rule;
    const std::scoped_lock lock(mutex_);
    Throttle::Answer all = throttle_.ask(key, most_of_all_keys_a_minute, minute);
    if (all.allowed) {
        all.suppressed += answer.suppressed;
    } else {
        throttle_.suppressed_too(key, answer.suppressed);
    }
    return all;
}

Throttle::Answer Effects::ask(const std::string& key, const rules::Throttle* throttle) {
    const std::scoped_lock lock(mutex_);
    return throttle != nullptr ? throttle_.ask(key, throttle->count, std::chrono::seconds(throttle->seconds))
                               : throttle_.ask(key, most_events_a_minute, minute);
}

} // namespace maptrail
