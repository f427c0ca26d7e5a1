#include "service/store/operation_row.hpp"

#include "service/format/judged_json.hpp"
#include "service/text/hex.hpp"
#include "service/text/utf.hpp"

#include <algorithm>

namespace maptrail {
namespace {

std::string clean(std::string_view text) {
    return is_valid_utf8(text) ? std::string(text) : valid_utf8(text);
}

template <typename Enum>
Enum in_range(std::int64_t value, Enum first, Enum last, Enum otherwise) {
    const bool known = value >= static_cast<std::int64_t>(first) && value <= static_cast<std::int64_t>(last);
    return known ? static_cast<Enum>(value) : otherwise;
}

/// Takes one column after the other.
class Reader {
public:
    explicit Reader(const Statement& row) : row_(row) {}

    std::int64_t integer() { return row_.integer(next_++); }
    std::uint64_t bits() { return row_.bits(next_++); }
    bool flag() { return integer() != 0; }
    std::string text() { return clean(row_.text(next_++)); }

    template <typename T>
    void number(T& value) {
        value = row_.number<T>(next_++);
    }

private:
    const Statement& row_;
    int next_ = 0;
};

/// What is no text of ours any more tells of no rules.
void read_rules(const std::string& text, Judged& judged) {
    if (!text.empty() && !rules_from_json(nlohmann::json::parse(text, nullptr, false), judged)) {
        judged.rules.clear();
    }
}

class Binder {
public:
    explicit Binder(Statement& statement) : statement_(statement) {}

    template <typename T>
    Binder& operator<<(const T& value) {
        if constexpr (std::is_same_v<T, std::string>) {
            statement_.bind(next_++, std::string_view(value));
        } else if constexpr (std::is_same_v<T, std::uint64_t> || std::is_same_v<T, std::optional<std::uint64_t>>) {
            statement_.bind_bits(next_++, value);
        } else {
            statement_.bind(next_++, static_cast<std::int64_t>(value));
        }
        return *this;
    }

    /// For what does not live until the statement has run.
    Binder& copy(std::string_view text) {
        statement_.bind_copy(next_++, text);
        return *this;
    }

private:
    Statement& statement_;
    int next_ = 1;
};

} // namespace

Operation read_operation(const Statement& row) {
    Reader in(row);
    Operation o;
    o.id = in.integer();
    o.action = in_range(in.integer(), Action::connect, Action::loss, Action::connect);
    o.outcome = in_range(in.integer(), Outcome::pending, Outcome::unknown, Outcome::unknown);
    o.start = in.integer();
    o.end = in.integer();
    o.duration = in.integer();
    in.number(o.error);
    o.reason = in.text();
    o.local_name = in.text();
    o.remote_name = in.text();
    o.remote_from = in_range(in.integer(), RemoteFrom::none, RemoteFrom::record, RemoteFrom::none);
    in.number(o.resource_type);
    o.provider = in.text();
    in.number(o.flags);
    o.forced = in.flag();
    o.truncated = in.flag();
    o.identity.user_sid = in.text();
    o.identity.user_name = in.text();
    o.identity.user_domain = in.text();
    o.identity.logon_id = in.bits();
    in.number(o.identity.session_id);
    in.number(o.identity.integrity);
    o.identity.elevated = in.flag();
    in.number(o.process.pid);
    o.process.started = in.integer();
    o.process.path = in.text();
    in.number(o.process.bitness);
    o.source = in_range(in.integer(), Source::pipe, Source::spool, Source::spool);
    o.decision = in_range(in.integer(), Decision::allow, Decision::deny, Decision::allow);
    o.host = in.text();
    o.identity.session_type = in_range(in.integer(), SessionType::unknown, SessionType::service, SessionType::unknown);
    read_rules(in.text(), o.judged);
    o.judged.more = in.flag();
    in.number(o.judged.denied_status);
    o.judged.would_deny = o.judged.denied_status != 0 && o.decision == Decision::allow;
    o.config_before = in.bits();
    o.config_after = in.bits();
    o.identity.group_set = in.bits();
    o.place = in.integer();
    return o;
}

OperationRecord read_record(const Statement& row) {
    const auto sequence = [&row](int column) {
        return row.is_null(column) ? std::nullopt : std::optional(row.bits(column));
    };
    OperationRecord record;
    record.operation = read_operation(row);
    record.number = row.bits(operation_column_count);
    record.before_sequence = sequence(operation_column_count + 1);
    record.after_sequence = sequence(operation_column_count + 2);
    record.ticks = row.bits(operation_column_count + 3);
    record.local_key = clean(row.text(column::local_key));
    return record;
}

Notifications read_notifications(const Statement& row) {
    const auto sequence = [&row](int column) {
        return row.is_null(column) ? std::nullopt : std::optional(row.bits(column));
    };
    Notifications made_of;
    const std::string_view key = row.text(operation_column_count + record_column_count + loss_column_count);
    std::copy_n(key.begin(), std::min(key.size(), made_of.producer.size()), made_of.producer.begin());
    made_of.number = row.bits(operation_column_count);
    made_of.before = sequence(operation_column_count + 1);
    made_of.after = sequence(operation_column_count + 2);
    return made_of;
}

LossDetail read_loss(const Statement& row) {
    constexpr int first = operation_column_count + record_column_count;
    LossDetail loss;
    loss.kind = in_range(row.integer(first), LossKind::gap, LossKind::refused, LossKind::damaged);
    loss.count = row.bits(first + 1);
    loss.first_sequence = row.bits(first + 2);
    loss.last_sequence = row.bits(first + 3);
    loss.producer = bytes_of_hex(row.text(first + 4));
    return loss;
}

void bind_record(Statement& statement, const OperationRecord& record) {
    const Operation& o = record.operation;
    const std::string rules = o.judged.rules.empty() ? std::string() : rules_to_json(o.judged).dump();
    Binder to(statement);
    to << o.action << o.outcome << o.start << o.end << o.duration << o.error << o.reason << o.local_name
       << o.remote_name << o.remote_from << o.resource_type << o.provider << o.flags << o.forced << o.truncated
       << o.identity.user_sid << o.identity.user_name << o.identity.user_domain << o.identity.logon_id
       << o.identity.session_id << o.identity.integrity << o.identity.elevated << o.process.pid << o.process.started
       << o.process.path << o.process.bitness << o.source << o.decision << o.host << o.identity.session_type;
    to.copy(rules) << o.judged.more << o.judged.denied_status << o.config_before << o.config_after
                   << o.identity.group_set << o.place << record.number << record.before_sequence
                   << record.after_sequence << record.ticks << record.local_key << record.half();
}

} // namespace maptrail
