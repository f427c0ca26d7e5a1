#include "service/format/fields.hpp"

#include "service/format/ecs_json.hpp"

#include <algorithm>
#include <array>

namespace maptrail {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 58> all_fields = {
    "@timestamp",
    "event.id",
    "event.kind",
    "event.action",
    "event.outcome",
    "event.start",
    "event.end",
    "event.sequence",
    "event.duration",
    "event.reason",
    "event.severity",
    "error.code",
    "error.type",
    "error.message",
    "user.name",
    "user.domain",
    "user.id",
    "process.pid",
    "process.executable",
    "process.name",
    "process.start",
    "host.name",
    "session.id",
    "session.logon_id",
    "session.elevated",
    "session.group_set",
    "session.integrity",
    "session.type",
    "mapping.loss",
    "mapping.lost_count",
    "mapping.producer",
    "mapping.phase",
    "mapping.operation",
    "mapping.before_sequence",
    "mapping.after_sequence",
    "mapping.first_sequence",
    "mapping.last_sequence",
    "mapping.local_name",
    "mapping.remote_name",
    "mapping.remote_from",
    "mapping.resource_type",
    "mapping.provider",
    "mapping.flags",
    "mapping.forced",
    "mapping.source",
    "mapping.decision",
    "mapping.dry_run",
    "mapping.denied_status",
    "mapping.rules",
    "mapping.more_rules",
    "mapping.config",
    "mapping.config_after",
    "mapping.bitness",
    "mapping.truncated",
    "mapping.pending",
    "tags",
    "rule.name",
    "threat.technique.id",
};

std::string_view top_of(std::string_view name) {
    return name.substr(0, name.find('.'));
}

/// What the rest of the dotted name leads to; null if nothing is there.
const Json* member_at(const Json& top, std::string_view name) {
    const Json* at = &top;
    for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
        name.remove_prefix(dot + 1);
        const auto found = at->is_object() ? at->find(std::string(name.substr(0, name.find('.')))) : at->end();
        if (found == at->end()) {
            return nullptr;
        }
        at = &*found;
    }
    return at->is_null() ? nullptr : at;
}

std::string text_of_value(const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<std::string> texts_of_value(const Json& value) {
    std::vector<std::string> texts;
    if (value.is_array()) {
        for (const Json& item : value) {
            texts.push_back(text_of_value(item));
        }
    } else {
        texts.push_back(text_of_value(value));
    }
    return texts;
}

/// Makes each member of the operation's JSON once.
class MadeMembers {
public:
    explicit MadeMembers(const Operation& operation) : operation_(operation) {}

    const Json* find(std::string_view field) {
        const std::string_view top = top_of(field);
        auto made = std::ranges::find(made_, top, [](const auto& entry) { return entry.first; });
        if (made == made_.end()) {
            made_.emplace_back(top, operation_member_to_json(operation_, top));
            made = std::prev(made_.end());
        }
        return member_at(made->second, field);
    }

private:
    const Operation& operation_;
    std::vector<std::pair<std::string_view, Json>> made_;
};

} // namespace

std::span<const std::string_view> operation_fields() {
    return all_fields;
}

bool is_field(std::string_view name) {
    return std::ranges::find(all_fields, name) != all_fields.end();
}

std::vector<std::string> field_values(const Operation& operation, std::string_view name) {
    const Json top = operation_member_to_json(operation, top_of(name));
    const Json* const value = member_at(top, name);
    return value == nullptr ? std::vector<std::string>() : texts_of_value(*value);
}

std::vector<std::pair<std::string, std::string>> field_texts(const Operation& operation,
                                                             std::span<const std::string> only) {
    MadeMembers members(operation);
    std::vector<std::pair<std::string, std::string>> texts;
    const auto add = [&](std::string_view name) {
        if (const Json* const value = members.find(name)) {
            std::string joined;
            for (const std::string& text : texts_of_value(*value)) {
                joined += (joined.empty() ? "" : " ") + text;
            }
            texts.emplace_back(name, std::move(joined));
        }
    };
    if (only.empty()) {
        std::ranges::for_each(all_fields, add);
    } else {
        std::ranges::for_each(only, add);
    }
    return texts;
}

Json operation_to_json(const Operation& operation, std::span<const std::string> only) {
    MadeMembers members(operation);
    Json json = Json::object();
    for (const std::string& name : only) {
        if (const Json* const value = members.find(name)) {
            Json* at = &json;
            std::string_view rest = name;
            for (std::size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
                at = &(*at)[std::string(rest.substr(0, dot))];
                rest.remove_prefix(dot + 1);
            }
            (*at)[std::string(rest)] = *value;
        }
    }
    return json;
}

} // namespace maptrail
