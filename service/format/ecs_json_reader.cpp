// The way back of ecs_json.cpp. What it reads came over a pipe, so nothing about it is taken for granted.
#include "service/format/ecs_json.hpp"
#include "service/format/judged_json.hpp"
#include "service/format/time_text.hpp"
#include "service/format/words.hpp"
#include "service/text/hex.hpp"

#include <limits>
#include <optional>

namespace maptrail {
namespace {

/// Reads members of one object and remembers whether one was wrong.
template <typename Json>
class Members {
public:
    Members(const Json& parent, const char* key, bool& good) : good_(good) {
        const auto found = parent.find(key);
        if (found == parent.end()) {
            return;
        }
        if (found->is_object()) {
            object_ = &*found;
        } else {
            good_ = false;
        }
    }

    const Json* member(const char* key) const {
        if (object_ == nullptr) {
            return nullptr;
        }
        const auto found = object_->find(key);
        return found == object_->end() ? nullptr : &*found;
    }

    void text(const char* key, std::string& value) const {
        const Json* const found = member(key);
        if (found == nullptr) {
            return;
        }
        if (found->is_string()) {
            value = found->template get_ref<const std::string&>();
        } else {
            good_ = false;
        }
    }

    void flag(const char* key, bool& value) const {
        const Json* const found = member(key);
        if (found == nullptr) {
            return;
        }
        if (found->is_boolean()) {
            value = found->template get<bool>();
        } else {
            good_ = false;
        }
    }

    template <typename Number>
    void number(const char* key, Number& value) const {
        const Json* const found = member(key);
        if (found == nullptr) {
            return;
        }
        const bool fits =
            found->is_number_unsigned() &&
            found->template get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<Number>::max());
        // What was parsed is unsigned if it can be; what was built in memory may be a signed type.
        const bool fits_signed = found->is_number_integer() && !found->is_number_unsigned() &&
                                 found->template get<std::int64_t>() >= 0 &&
                                 static_cast<std::uint64_t>(found->template get<std::int64_t>()) <=
                                     static_cast<std::uint64_t>(std::numeric_limits<Number>::max());
        if (fits || fits_signed) {
            value = static_cast<Number>(found->template get<std::uint64_t>());
        } else {
            good_ = false;
        }
    }

    /// A text that `read` makes a value of.
    template <typename Value, typename Read>
    bool word(const char* key, Value& value, Read read) const {
        std::string written;
        text(key, written);
        if (written.empty()) {
            return false;
        }
        const auto result = read(written);
        if (!result) {
            good_ = false;
            return false;
        }
        value = static_cast<Value>(*result);
        return true;
    }

private:
    const Json* object_ = nullptr;
    bool& good_;
};

std::optional<std::uint64_t> number_64(std::string_view text) {
    return number_of(text, std::numeric_limits<std::uint64_t>::max());
}

std::optional<std::uint64_t> number_32(std::string_view text) {
    return number_of(text, std::numeric_limits<std::uint32_t>::max());
}

std::optional<std::uint64_t> positive_63(std::string_view text) {
    return number_of(text, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
}

template <typename Json>
void read_flags(const Members<Json>& mapping, std::uint32_t& flags, bool& good) {
    const Json* const list = mapping.member("flags");
    if (list == nullptr) {
        return;
    }
    if (!list->is_array()) {
        good = false;
        return;
    }
    for (const Json& entry : *list) {
        const auto flag = entry.is_string() ? flag_of(entry.template get_ref<const std::string&>()) : std::nullopt;
        if (!flag) {
            good = false;
            return;
        }
        flags |= *flag;
    }
}

template <typename Json>
void read_judged(const Members<Json>& mapping, Operation& operation, bool& good) {
    Judged& judged = operation.judged;
    mapping.flag("dry_run", judged.would_deny);
    if (judged.would_deny) {
        operation.decision = Decision::allow; // the word is what would have been
    }
    mapping.number("denied_status", judged.denied_status);
    mapping.flag("more_rules", judged.more);
    mapping.word("config", operation.config_before, number_64);
    mapping.word("config_after", operation.config_after, number_64);
    if (const Json* const rules = mapping.member("rules")) {
        good = rules_from_json(*rules, judged) && good;
    }
}

/// A loss has no number of an operation.
template <typename Json>
void read_notifications(const Members<Json>& mapping, Operation& operation, bool& good) {
    if (mapping.member("operation") == nullptr) {
        return;
    }
    Notifications& made_of = operation.notifications.emplace();
    mapping.number("operation", made_of.number);
    std::string hex;
    mapping.text("producer", hex);
    const auto producer = bytes_of_hex(hex);
    good = good && producer.has_value();
    made_of.producer = producer.value_or(made_of.producer);
    for (const auto& [key, sequence] :
         {std::pair("before_sequence", &made_of.before), std::pair("after_sequence", &made_of.after)}) {
        if (mapping.member(key) != nullptr) {
            mapping.number(key, sequence->emplace());
        }
    }
}

template <typename Json>
void read_mapping(const Json& json, Operation& operation, bool& good) {
    const Members<Json> mapping(json, "mapping", good);
    mapping.text("local_name", operation.local_name);
    mapping.text("remote_name", operation.remote_name);
    mapping.word("remote_from", operation.remote_from, remote_from_of);
    mapping.word("resource_type", operation.resource_type, resource_type_of);
    mapping.text("provider", operation.provider);
    read_flags(mapping, operation.flags, good);
    mapping.flag("forced", operation.forced);
    mapping.flag("truncated", operation.truncated);
    mapping.word("source", operation.source, source_of);
    mapping.word("decision", operation.decision, decision_of);
    read_judged(mapping, operation, good);
    mapping.number("bitness", operation.process.bitness);
    read_notifications(mapping, operation, good);
    bool pending = false;
    mapping.flag("pending", pending);
    if (pending) {
        operation.outcome = Outcome::pending;
    }
}

template <typename Json>
void read_loss(const Json& json, Operation& operation, bool& good) {
    const Members<Json> mapping(json, "mapping", good);
    LossDetail& loss = operation.loss.emplace();
    good = mapping.word("loss", loss.kind, loss_kind_of) && good;
    mapping.number("lost_count", loss.count);
    mapping.number("first_sequence", loss.first_sequence);
    mapping.number("last_sequence", loss.last_sequence);
    std::string hex;
    mapping.text("producer", hex);
    if (!hex.empty()) {
        loss.producer = bytes_of_hex(hex);
        good = good && loss.producer.has_value();
    }
}

template <typename Json>
bool read(const Json& json, Operation& operation) {
    operation = {};
    if (!json.is_object()) {
        return false;
    }
    bool good = true;
    const Members<Json> event(json, "event", good);
    const bool complete =
        event.word("id", operation.id, positive_63) && event.word("action", operation.action, action_of) &&
        event.word("outcome", operation.outcome, outcome_of) && event.word("start", operation.start, from_iso_utc);
    event.word("end", operation.end, from_iso_utc);
    event.number("duration", operation.duration);
    event.number("sequence", operation.place);
    event.text("reason", operation.reason);
    Members<Json>(json, "error", good).word("code", operation.error, number_32);

    const Members<Json> user(json, "user", good);
    user.text("name", operation.identity.user_name);
    user.text("domain", operation.identity.user_domain);
    user.text("id", operation.identity.user_sid);

    const Members<Json> process(json, "process", good);
    process.number("pid", operation.process.pid);
    process.text("executable", operation.process.path);
    process.word("start", operation.process.started, from_iso_utc);

    Members<Json>(json, "host", good).text("name", operation.host);

    const Members<Json> session(json, "session", good);
    session.number("id", operation.identity.session_id);
    session.word("logon_id", operation.identity.logon_id, number_64);
    session.flag("elevated", operation.identity.elevated);
    session.word("group_set", operation.identity.group_set, number_64);
    session.word("integrity", operation.identity.integrity, integrity_of);
    session.word("type", operation.identity.session_type, session_type_of);

    read_mapping(json, operation, good);
    if (operation.action == Action::loss) {
        read_loss(json, operation, good);
    }
    return good && complete;
}

} // namespace

bool operation_from_json(const nlohmann::json& json, Operation& operation) {
    return read(json, operation);
}

bool operation_from_json(const nlohmann::ordered_json& json, Operation& operation) {
    return read(json, operation);
}

} // namespace maptrail
