#include "service/format/ecs_json.hpp"

#include "common/model/windows_error.hpp"
#include "service/format/judged_json.hpp"
#include "service/format/time_text.hpp"
#include "service/format/words.hpp"
#include "service/text/hex.hpp"

#include <algorithm>

namespace maptrail {
namespace {

using Json = nlohmann::ordered_json;

void put(Json& object, const char* key, const std::string& value) {
    if (!value.empty()) {
        object[key] = value;
    }
}

Json event_of(const Operation& operation) {
    Json event = Json::object(); // lists in braces cost as much as all the rest, and exports are long
    event["id"] = std::to_string(operation.id);
    event["kind"] = "event";
    event["action"] = word_of(operation.action);
    event["outcome"] = word_of(operation.outcome);
    event["start"] = iso_utc(operation.start);
    if (operation.end != 0) {
        event["end"] = iso_utc(operation.end);
    }
    if (operation.place != 0) {
        event["sequence"] = operation.place;
    }
    if (operation.duration >= 0) {
        event["duration"] = operation.duration;
    }
    put(event, "reason", operation.reason);
    if (const std::uint8_t severity = severity_of(operation.judged); severity != 0) {
        event["severity"] = severity;
    }
    return event;
}

Json error_of(std::uint32_t code) {
    Json error = Json::object();
    error["code"] = std::to_string(code);
    put(error, "type", std::string(error_name(code)));
    put(error, "message", std::string(error_text(code)));
    return error;
}

Json user_of(const Identity& identity) {
    Json user = Json::object();
    put(user, "name", identity.user_name);
    put(user, "domain", identity.user_domain);
    put(user, "id", identity.user_sid);
    return user;
}

Json process_of(const ClientProcess& client) {
    Json process = Json::object();
    process["pid"] = client.pid;
    put(process, "executable", client.path);
    put(process, "name", file_name_of(client.path));
    if (client.started != 0) {
        process["start"] = iso_utc(client.started);
    }
    return process;
}

Json session_of(const Identity& identity) {
    Json session = Json::object();
    session["id"] = identity.session_id;
    if (identity.logon_id != 0) {
        session["logon_id"] = hex_text(identity.logon_id);
    }
    session["elevated"] = identity.elevated;
    if (identity.group_set != 0) {
        session["group_set"] = hex_text(identity.group_set);
    }
    if (identity.integrity != 0) {
        session["integrity"] = integrity_word(identity.integrity);
    }
    put(session, "type", std::string(word_of(identity.session_type)));
    return session;
}

Json loss_of(const Operation& operation) {
    const LossDetail loss = operation.loss.value_or(LossDetail{});
    Json mapping{{"loss", word_of(loss.kind)}, {"lost_count", loss.count}, {"source", word_of(operation.source)}};
    if (loss.producer) {
        mapping["producer"] = hex_bytes(*loss.producer);
    }
    if (loss.first_sequence != 0) {
        mapping["first_sequence"] = loss.first_sequence;
        mapping["last_sequence"] = loss.last_sequence;
    }
    if (operation.process.bitness != 0) {
        mapping["bitness"] = operation.process.bitness;
    }
    return mapping;
}

std::string config_text(std::uint64_t version) {
    return version == 0 ? std::string() : hex_text(version);
}

/// The rule that decided, or else all that matched.
Json rule_of(const Operation& operation) {
    const Judged& judged = operation.judged;
    const std::string deciding = denying_rule(operation);
    if (!deciding.empty()) {
        return {{"name", deciding}};
    }
    std::vector<std::string> names;
    for (const MatchedRule& rule : judged.rules) {
        names.push_back(rule.name);
    }
    return names.empty() ? Json() : Json{{"name", names}};
}

Json threat_of(const Judged& judged) {
    std::vector<std::string> techniques;
    for (const MatchedRule& rule : judged.rules) {
        if (!rule.technique.empty() && std::ranges::find(techniques, rule.technique) == techniques.end()) {
            techniques.push_back(rule.technique);
        }
    }
    return techniques.empty() ? Json() : Json{{"technique", {{"id", techniques}}}};
}

Json tags_json(const Judged& judged) {
    const std::vector<std::string> tags = tags_of(judged);
    return tags.empty() ? Json() : Json(tags);
}

void put_notifications(Json& mapping, const Notifications& made_of) {
    if (made_of.only) {
        mapping["phase"] = *made_of.only == Phase::before ? "before" : "after";
    }
    mapping["producer"] = hex_bytes(made_of.producer);
    mapping["operation"] = made_of.number;
    if (made_of.before) {
        mapping["before_sequence"] = *made_of.before;
    }
    if (made_of.after) {
        mapping["after_sequence"] = *made_of.after;
    }
}

Json mapping_of(const Operation& operation) {
    if (operation.action == Action::loss) {
        return loss_of(operation);
    }
    Json mapping = Json::object();
    put(mapping, "local_name", operation.local_name);
    put(mapping, "remote_name", operation.remote_name);
    put(mapping, "remote_from", std::string(word_of(operation.remote_from)));
    // The router gives no type for a disconnect; there 0 is nothing, not "any".
    if (operation.action == Action::connect || operation.resource_type != 0) {
        mapping["resource_type"] = resource_type_word(operation.resource_type);
    }
    put(mapping, "provider", operation.provider);
    mapping["flags"] = flag_words(operation.flags);
    mapping["forced"] = operation.forced;
    mapping["source"] = word_of(operation.source);
    const Judged& judged = operation.judged;
    mapping["decision"] = word_of(judged.would_deny ? Decision::deny : operation.decision);
    if (judged.would_deny) {
        mapping["dry_run"] = true;
    }
    if (judged.denied_status != 0) {
        mapping["denied_status"] = judged.denied_status;
    }
    if (!judged.rules.empty()) {
        mapping["rules"] = rules_to_json(judged);
    }
    if (judged.more) {
        mapping["more_rules"] = true;
    }
    put(mapping, "config", config_text(operation.config_before));
    put(mapping, "config_after", config_text(operation.config_after));
    if (operation.process.bitness != 0) {
        mapping["bitness"] = operation.process.bitness;
    }
    if (operation.truncated) {
        mapping["truncated"] = true;
    }
    if (operation.notifications) {
        put_notifications(mapping, *operation.notifications);
    }
    if (operation.outcome == Outcome::pending) {
        mapping["pending"] = true;
    }
    return mapping;
}

// In a JSON text these characters can only stand inside a string, so an escape may take their place.
std::string escape_terminal_controls(std::string json) {
    // With these bytes the ones that matter begin, and hardly any line has them. One look for each: that is memchr().
    constexpr std::string_view begins = "\x7F\xC2\xD8\xE2";
    if (std::ranges::none_of(begins, [&](char c) { return json.find(c) != std::string::npos; })) {
        return json;
    }
    std::string out;
    out.reserve(json.size());
    const auto byte = [&](std::size_t i) { return i < json.size() ? static_cast<unsigned char>(json[i]) : 0U; };
    const auto escape = [&](unsigned code) {
        constexpr std::string_view digits = "0123456789abcdef";
        out += "\\u";
        for (int shift = 12; shift >= 0; shift -= 4) {
            out += digits[(code >> shift) & 0xFU];
        }
    };
    for (std::size_t i = 0; i < json.size(); ++i) {
        const unsigned first = byte(i);
        if (first == 0x7F) {
            escape(first);
        } else if (first == 0xC2 && byte(i + 1) >= 0x80 && byte(i + 1) <= 0x9F) {
            escape(byte(++i));
        } else if (first == 0xD8 && byte(i + 1) == 0x9C) { // Arabic letter mark
            escape(0x061C);
            ++i;
        } else if (first == 0xE2 && (byte(i + 1) == 0x80 || byte(i + 1) == 0x81)) {
            const unsigned code = 0x2000U | ((byte(i + 1) & 0x3FU) << 6U) | (byte(i + 2) & 0x3FU);
            const bool marks = code == 0x200E || code == 0x200F || (code >= 0x2028 && code <= 0x202E);
            const bool isolates = code >= 0x2066 && code <= 0x2069;
            if (marks || isolates) {
                escape(code);
                i += 2;
            } else {
                out += json[i];
            }
        } else {
            out += json[i];
        }
    }
    return out;
}

std::string dump(const Json& json, int indent) {
    return escape_terminal_controls(json.dump(indent, ' ', false, Json::error_handler_t::replace));
}

} // namespace

Json operation_member_to_json(const Operation& operation, std::string_view name) {
    // Of an operation the service always knows who called; of a loss it may not.
    const bool sender_known = operation.action != Action::loss || operation.process.pid != 0;
    if (name == "@timestamp") {
        return iso_utc(operation.start);
    }
    if (name == "event") {
        return event_of(operation);
    }
    if (name == "error") {
        return operation.error == 0 ? Json() : error_of(operation.error);
    }
    if (name == "user") {
        Json user = user_of(operation.identity);
        return user.empty() ? Json() : user;
    }
    if (name == "process") {
        return sender_known ? process_of(operation.process) : Json();
    }
    if (name == "host") {
        Json host;
        put(host, "name", operation.host);
        return host;
    }
    if (name == "session") {
        return sender_known ? session_of(operation.identity) : Json();
    }
    if (name == "mapping") {
        return mapping_of(operation);
    }
    if (name == "tags") {
        return tags_json(operation.judged);
    }
    if (name == "rule") {
        return rule_of(operation);
    }
    return name == "threat" ? threat_of(operation.judged) : Json();
}

Json operation_to_json(const Operation& operation) {
    Json json;
    for (const char* const name :
         {"@timestamp", "event", "error", "user", "process", "host", "session", "mapping", "tags", "rule", "threat"}) {
        if (Json member = operation_member_to_json(operation, name); !member.is_null()) {
            json[name] = std::move(member);
        }
    }
    return json;
}

std::string json_line(const Json& json) {
    return dump(json, -1);
}

std::string json_pretty(const Json& json) {
    return dump(json, 2);
}

std::string file_name_of(const std::string& path) {
    const std::size_t separator = path.find_last_of("\\/");
    return separator == std::string::npos ? path : path.substr(separator + 1);
}

} // namespace maptrail
