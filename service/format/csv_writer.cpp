// RFC 4180: CRLF, a header line, quotes where they are needed. Times are ISO 8601, UTC.
#include "common/model/windows_error.hpp"
#include "service/format/csv_text.hpp"
#include "service/format/judged_json.hpp"
#include "service/format/words.hpp"
#include "service/format/writer.hpp"
#include "service/text/hex.hpp"
#include "service/text/text.hpp"

#include <initializer_list>
#include <string>
#include <utility>

namespace maptrail {
namespace {

constexpr std::string_view header =
    "id,start,end,duration_ns,action,outcome,error_code,error_name,error_message,reason,user_name,user_domain,user_sid,"
    "session_id,logon_id,elevated,integrity,local_name,remote_name,remote_from,resource_type,provider,flags,forced,"
    "truncated,pid,process_path,bitness,source,decision,host,loss,lost_count,first_sequence,last_sequence,producer,"
    "dry_run,rules,tags,severity,session_type,sequence,phase,before_sequence,after_sequence\r\n";

std::string_view yes_no(bool value) {
    return value ? "true" : "false";
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
    std::string text;
    for (const std::string& word : words) {
        text.append(text.empty() ? std::string_view() : between).append(word);
    }
    return text;
}

std::string rule_names(const Judged& judged) {
    std::vector<std::string> names;
    for (const MatchedRule& rule : judged.rules) {
        names.push_back(rule.name);
    }
    return joined(names, "; ");
}

template <typename Number>
std::string number_unless(Number value, Number absent) {
    return value == absent ? std::string() : std::to_string(value);
}

class CsvWriter final : public OperationWriter {
public:
    CsvWriter(Output output, bool for_terminal) : output_(std::move(output)), for_terminal_(for_terminal) {}

    bool write(const Operation& o) override {
        const LossDetail none{.count = 0};
        const LossDetail& loss = o.loss ? *o.loss : none;
        const Notifications made_of = o.notifications.value_or(Notifications{});
        const bool called = o.action != Action::loss;
        const bool typed = o.action == Action::connect || o.resource_type != 0;
        std::string line = started_ ? std::string() : std::string(header);
        started_ = true;
        append(line, {std::to_string(o.id),
                      iso_utc(o.start),
                      o.end == 0 ? "" : iso_utc(o.end),
                      number_unless<std::int64_t>(o.duration, -1),
                      word_of(o.action),
                      word_of(o.outcome),
                      number_unless<std::uint32_t>(o.error, 0),
                      o.error == 0 ? "" : error_name(o.error),
                      o.error == 0 ? "" : error_text(o.error),
                      o.reason,
                      o.identity.user_name,
                      o.identity.user_domain,
                      o.identity.user_sid,
                      called || o.process.pid != 0 ? std::to_string(o.identity.session_id) : "",
                      o.identity.logon_id == 0 ? "" : hex_text(o.identity.logon_id),
                      called || o.process.pid != 0 ? yes_no(o.identity.elevated) : "",
                      o.identity.integrity == 0 ? "" : integrity_word(o.identity.integrity),
                      o.local_name,
                      o.remote_name,
                      word_of(o.remote_from),
                      typed ? resource_type_word(o.resource_type) : "",
                      o.provider,
                      joined(flag_words(o.flags), " "),
                      called ? yes_no(o.forced) : "",
                      called ? yes_no(o.truncated) : "",
                      called || o.process.pid != 0 ? std::to_string(o.process.pid) : "",
                      o.process.path,
                      number_unless<std::uint8_t>(o.process.bitness, 0),
                      word_of(o.source),
                      called ? word_of(o.judged.would_deny ? Decision::deny : o.decision) : "",
                      o.host,
                      o.loss ? word_of(loss.kind) : "",
                      number_unless<std::uint64_t>(loss.count, 0),
                      number_unless<std::uint64_t>(loss.first_sequence, 0),
                      number_unless<std::uint64_t>(loss.last_sequence, 0),
                      loss.producer     ? hex_bytes(*loss.producer)
                      : o.notifications ? hex_bytes(made_of.producer)
                                        : "",
                      called ? yes_no(o.judged.would_deny) : "",
                      rule_names(o.judged),
                      joined(tags_of(o.judged), "; "),
                      number_unless<std::uint8_t>(severity_of(o.judged), 0),
                      word_of(o.identity.session_type),
                      number_unless<std::int64_t>(o.place, 0),
                      !made_of.only                    ? ""
                      : *made_of.only == Phase::before ? "before"
                                                       : "after",
                      made_of.before ? std::to_string(*made_of.before) : "",
                      made_of.after ? std::to_string(*made_of.after) : ""});
        return output_(line);
    }

    bool finish() override { return started_ || output_(header); }

private:
    /// A field of a line, from whatever holds the text as long as the line is made.
    struct Field {
        template <typename Text>
        Field(const Text& text) : view(text) {} // NOLINT(google-explicit-constructor)
        std::string_view view;
    };

    void append(std::string& line, std::initializer_list<Field> fields) const {
        bool first = true;
        for (const Field& entry : fields) {
            if (!std::exchange(first, false)) {
                line += ',';
            }
            line += csv_field(for_terminal_ ? printable(entry.view) : std::string(entry.view));
        }
        line += "\r\n";
    }

    Output output_;
    bool for_terminal_;
    bool started_ = false;
};

} // namespace

std::unique_ptr<OperationWriter> make_csv_writer(Output output) {
    return std::make_unique<CsvWriter>(std::move(output), false);
}

std::unique_ptr<OperationWriter> make_terminal_csv_writer(Output output) {
    return std::make_unique<CsvWriter>(std::move(output), true);
}

} // namespace maptrail
