// What was typed, as a query.
#include "service/cli/history_options.hpp"

#include "common/model/windows_error.hpp"
#include "service/cli/time_expression.hpp"
#include "service/cli/usage_error.hpp"
#include "service/config/section.hpp"
#include "service/format/fields.hpp"
#include "service/format/words.hpp"
#include "service/query/query_json.hpp"

#include <algorithm>
#include <limits>

namespace maptrail {
namespace {

constexpr std::uint64_t most_32 = std::numeric_limits<std::uint32_t>::max();

UsageError wrong(const char* option, const std::string& value, const char* accepted) {
    return UsageError{std::string(option) + ": \"" + value + "\" is not understood. Accepted: " + accepted + "."};
}

std::uint32_t error_of(const std::string& text) {
    if (const auto number = number_of(text, most_32)) {
        return static_cast<std::uint32_t>(*number);
    }
    if (const auto code = error_code(text)) {
        return *code;
    }
    throw wrong("--error", text, "a Windows error code like 53 or 0x35, or its name like ERROR_BAD_NETPATH");
}

/// Each text as the value that `read` makes of it.
template <typename Value, typename Read>
void read_words(const char* option, const std::vector<std::string>& texts, std::vector<Value>& values, const Read& read,
                const char* accepted) {
    for (const std::string& text : texts) {
        const auto value = read(text);
        if (!value) {
            throw wrong(option, text, accepted);
        }
        values.push_back(static_cast<Value>(*value));
    }
}

std::optional<std::uint64_t> number_32_of(std::string_view text) {
    return number_of(text, most_32);
}

[[noreturn]] void no_field(const std::string& name) {
    const auto known = operation_fields();
    const std::string hint = config::did_you_mean(name, {known.begin(), known.end()});
    throw UsageError("There is no field \"" + name + "\"" + (hint.empty() ? "." : hint) +
                     " `maptrail history -n 1 -o verbose` shows what there is.");
}

FieldMatch field_match_of(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) {
        throw UsageError("\"" + text + "\" is not understood: an argument is FIELD=VALUE, like user.name=jane.");
    }
    FieldMatch match{text.substr(0, equals), text.substr(equals + 1)};
    if (!is_field(match.name)) {
        no_field(match.name);
    }
    return match;
}

void read_sessions(const std::vector<std::string>& texts, Query& query) {
    for (const std::string& text : texts) {
        const auto type = session_type_of(text);
        const auto id = number_32_of(text);
        if (type) {
            query.session_types.push_back(*type);
        } else if (id) {
            query.sessions.push_back(static_cast<std::uint32_t>(*id));
        } else {
            throw wrong("--session", text, "a session's number, or console, remote, service");
        }
    }
}

} // namespace

std::int64_t time_of(const char* option, const std::string& text, std::int64_t now, const ZoneOffset& zone) {
    const auto time = parse_time(text, now, zone);
    if (const auto* const error = std::get_if<TimeError>(&time)) {
        throw UsageError(std::string(option) + ": " + error->text);
    }
    return std::get<std::int64_t>(time);
}

std::int64_t operation_id_of(const char* option, const std::string& text) {
    const auto id = number_of(text, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
    if (!id) {
        throw wrong(option, text, "an operation's number, as event.id of `maptrail history -o json`");
    }
    return static_cast<std::int64_t>(*id);
}

Query query_of(const HistoryOptions& options, std::int64_t now, const ZoneOffset& zone) {
    Query query;
    if (options.since) {
        query.since = time_of("--since", *options.since, now, zone);
    }
    if (options.until) {
        query.until = time_of("--until", *options.until, now, zone);
    }
    if (query.since && query.until && *query.since >= *query.until) {
        throw UsageError("--since " + *options.since + " is not before --until " + *options.until +
                         ": nothing can lie between them.");
    }
    if (options.newest) {
        const auto count = number_of(*options.newest, std::numeric_limits<std::uint32_t>::max());
        if (!count || (*count == 0 && !options.follow)) {
            throw wrong("-n", *options.newest, "a number from 1 on");
        }
        query.newest = *count;
    }
    for (const std::string& text : options.ids) {
        query.ids.push_back(operation_id_of("--id", text));
    }
    query.newest_first = options.reverse;
    query.notifications = options.raw;
    query.users = options.users;
    query.remotes = options.remotes;
    query.drives = options.drives;
    query.programs = options.programs;
    query.servers = options.servers;
    query.shares = options.shares;
    query.providers = options.providers;
    query.tags = options.tags;
    query.rules = options.rules;
    query.texts = options.texts;
    read_words("--pid", options.pids, query.pids, number_32_of, "a process id, like 4711");
    read_words("--action", options.actions, query.actions, action_of, "connect, disconnect, loss");
    read_words("--outcome", options.outcomes, query.outcomes, outcome_of, "success, failure, denied, unknown");
    read_words("--decision", options.decisions, query.decisions, decision_of, "allow, deny");
    read_words("--source", options.sources, query.sources, source_of, "pipe, spool");
    read_sessions(options.sessions, query);
    for (const std::string& text : options.errors) {
        query.errors.push_back(error_of(text));
    }
    for (const std::string& text : options.fields) {
        query.fields.push_back(field_match_of(text));
    }
    if (!fits_into_a_request(query)) {
        throw UsageError(
            "That is too much for one question: each option takes up to 256 values of 4,096 bytes, and all "
            "together 60,000 bytes. A * in a value may stand for many.");
    }
    return query;
}

Format format_of(const HistoryOptions& options) {
    constexpr std::pair<std::string_view, Format> formats[] = {
        {"table", Format::table}, {"short", Format::one_line}, {"verbose", Format::verbose},
        {"json", Format::json},   {"jsonl", Format::jsonl},    {"csv", Format::csv}};
    const auto* const found =
        std::ranges::find(formats, std::string_view(options.format), [](const auto& entry) { return entry.first; });
    if (found == std::ranges::end(formats)) {
        throw wrong("-o", options.format, "table, short, verbose, json, jsonl, csv");
    }
    return found->second;
}

std::vector<std::string> output_fields_of(const HistoryOptions& options, Format format) {
    std::vector<std::string> fields;
    if (!options.output_fields) {
        return fields;
    }
    if (format == Format::table || format == Format::one_line) {
        throw UsageError("--output-fields goes with -o verbose, json, jsonl or csv: a table has columns of its own.");
    }
    const auto add = [&](std::string_view name) {
        if (std::ranges::find(fields, name) == fields.end()) {
            fields.emplace_back(name);
        }
    };
    std::string_view rest = *options.output_fields;
    for (bool more = true; more;) {
        const std::size_t comma = rest.find(',');
        const std::string name(rest.substr(0, comma));
        more = comma != std::string_view::npos;
        rest.remove_prefix(more ? comma + 1 : rest.size());
        bool known = false;
        for (const std::string_view field : operation_fields()) {
            if (field == name || field.starts_with(name + ".")) { // "user" is all that begins with it
                add(field);
                known = true;
            }
        }
        if (!known) {
            no_field(name);
        }
    }
    return fields;
}

} // namespace maptrail
