#include "service/query/query_json.hpp"

#include <limits>

namespace maptrail {

namespace {

using nlohmann::json;

/// Bounds what one question may cost to hold.
constexpr std::size_t most_values = 256;
constexpr std::size_t longest_text = 4096;

template <class T>
bool read_integer(const json& value, T& out) {
    if (!value.is_number_integer()) {
        return false;
    }
    if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        if (number > static_cast<std::uint64_t>(std::numeric_limits<T>::max())) {
            return false;
        }
        out = static_cast<T>(number);
        return true;
    }
    if constexpr (std::numeric_limits<T>::is_signed) {
        out = static_cast<T>(value.get<std::int64_t>());
        return true;
    }
    return false;
}

bool read_text(const json& value, std::string& out) {
    const auto* text = value.get_ptr<const std::string*>();
    if (text == nullptr || text->size() > longest_text) {
        return false;
    }
    out = *text;
    return true;
}

template <class T, class Read>
bool read_list(const json& value, std::vector<T>& out, const Read& read) {
    if (!value.is_array() || value.size() > most_values) {
        return false;
    }
    for (const json& item : value) {
        T one{};
        if (!read(item, one)) {
            return false;
        }
        out.push_back(std::move(one));
    }
    return true;
}

template <class E>
bool read_enum(const json& value, E& out, E last) {
    std::uint32_t number = 0;
    if (!read_integer(value, number) || number > static_cast<std::uint32_t>(last)) {
        return false;
    }
    out = static_cast<E>(number);
    return true;
}

template <class T>
bool read_optional(const json& value, std::optional<T>& out) {
    T one{};
    if (!read_integer(value, one)) {
        return false;
    }
    out = one;
    return true;
}

bool read_field_match(const json& value, FieldMatch& out) {
    return value.is_array() && value.size() == 2 && read_text(value[0], out.name) && read_text(value[1], out.value);
}

bool read_place(const json& value, Place& out) {
    return value.is_array() && value.size() == 2 && read_integer(value[0], out.history) &&
           read_integer(value[1], out.number) && out.number >= 0;
}

/// None of these has a zero.
template <class E>
bool read_word(const json& value, E& out, E last) {
    return read_enum(value, out, last) && out != E{};
}

template <class E>
json numbers(const std::vector<E>& values) {
    json list = json::array();
    for (const E value : values) {
        list.push_back(static_cast<std::uint32_t>(value));
    }
    return list;
}

/// The lists of texts by their names; a service that does not know one answers everything else.
struct TextList {
    const char* name;
    std::vector<std::string> Query::*member;
    bool always; ///< also when it is empty
};
constexpr TextList text_lists[] = {
    {"users", &Query::users, true},          {"remotes", &Query::remotes, true},  {"drives", &Query::drives, true},
    {"programs", &Query::programs, true},    {"servers", &Query::servers, false}, {"shares", &Query::shares, false},
    {"providers", &Query::providers, false}, {"tags", &Query::tags, false},       {"rules", &Query::rules, false},
    {"texts", &Query::texts, false},
};

std::optional<bool> read_detail(const std::string& name, const json& value, Query& query) {
    if (name == "sessions") {
        return read_list(value, query.sessions,
                         [](const json& item, std::uint32_t& out) { return read_integer(item, out); });
    }
    if (name == "sessionTypes") {
        return read_list(value, query.session_types,
                         [](const json& item, SessionType& out) { return read_word(item, out, SessionType::service); });
    }
    if (name == "sources") {
        return read_list(value, query.sources,
                         [](const json& item, Source& out) { return read_word(item, out, Source::spool); });
    }
    if (name == "decisions") {
        return read_list(value, query.decisions,
                         [](const json& item, Decision& out) { return read_word(item, out, Decision::deny); });
    }
    if (name == "first") {
        return read_optional(value, query.first);
    }
    if (name == "byEnding") {
        return value.is_boolean() && (query.by_ending = value.get<bool>(), true);
    }
    if (name == "notifications") {
        return value.is_boolean() && (query.notifications = value.get<bool>(), true);
    }
    if (name == "from") {
        return read_place(value, query.from.emplace());
    }
    if (name == "fields") {
        return read_list(value, query.fields, read_field_match);
    }
    return std::nullopt;
}

bool read_member(const std::string& name, const json& value, Query& query) {
    for (const TextList& list : text_lists) {
        if (name == list.name) {
            return read_list(value, query.*list.member, read_text);
        }
    }
    if (const auto read = read_detail(name, value, query)) {
        return *read;
    }
    const auto action = [](const json& item, Action& out) { return read_enum(item, out, Action::loss); };
    const auto outcome = [](const json& item, Outcome& out) { return read_enum(item, out, Outcome::unknown); };
    const auto number = [](const json& item, std::uint32_t& out) { return read_integer(item, out); };
    if (name == "ids") {
        return read_list(value, query.ids, [](const json& item, std::int64_t& out) { return read_integer(item, out); });
    }
    if (name == "since") {
        return read_optional(value, query.since);
    }
    if (name == "until") {
        return read_optional(value, query.until);
    }
    if (name == "pids") {
        return read_list(value, query.pids, number);
    }
    if (name == "actions") {
        return read_list(value, query.actions, action);
    }
    if (name == "outcomes") {
        return read_list(value, query.outcomes, outcome);
    }
    if (name == "errors") {
        return read_list(value, query.errors, number);
    }
    if (name == "newest") {
        return read_optional(value, query.newest);
    }
    if (name == "newestFirst" && value.is_boolean()) {
        query.newest_first = value.get<bool>();
        return true;
    }
    return false;
}

} // namespace

json query_to_json(const Query& query) {
    json result = {{"pids", query.pids},
                   {"actions", numbers(query.actions)},
                   {"outcomes", numbers(query.outcomes)},
                   {"errors", query.errors},
                   {"newestFirst", query.newest_first}};
    for (const TextList& list : text_lists) {
        if (list.always || !(query.*list.member).empty()) {
            result[list.name] = query.*list.member;
        }
    }
    // A service that does not know one of these still answers everything else.
    if (!query.ids.empty()) {
        result["ids"] = query.ids;
    }
    if (!query.sessions.empty()) {
        result["sessions"] = query.sessions;
    }
    if (!query.session_types.empty()) {
        result["sessionTypes"] = numbers(query.session_types);
    }
    if (!query.sources.empty()) {
        result["sources"] = numbers(query.sources);
    }
    if (!query.decisions.empty()) {
        result["decisions"] = numbers(query.decisions);
    }
    if (query.first) {
        result["first"] = *query.first;
    }
    if (query.by_ending) {
        result["byEnding"] = true;
    }
    if (query.notifications) {
        result["notifications"] = true;
    }
    if (query.from) {
        result["from"] = {query.from->history, query.from->number};
    }
    for (const FieldMatch& field : query.fields) {
        result["fields"].push_back({field.name, field.value});
    }
    if (query.since) {
        result["since"] = *query.since;
    }
    if (query.until) {
        result["until"] = *query.until;
    }
    if (query.newest) {
        result["newest"] = *query.newest;
    }
    return result;
}

json reached_to_json(const Reached& reached) {
    return {{"place", {reached.place.history, reached.place.number}},
            {"problem", static_cast<std::uint32_t>(reached.problem)}};
}

bool reached_from_json(const json& value, Reached& reached) {
    if (!value.is_object() || !value.contains("place") || !value.contains("problem")) {
        return false;
    }
    return read_place(value["place"], reached.place) &&
           read_enum(value["problem"], reached.problem, PlaceProblem::expired);
}

bool query_from_json(const json& value, Query& query) {
    if (!value.is_object()) {
        return false;
    }
    query = {};
    for (const auto& [name, member] : value.items()) {
        if (!read_member(name, member, query)) {
            return false;
        }
    }
    return true;
}

bool fits_into_a_request(const Query& query) {
    constexpr std::size_t longest = 60'000; // of 64 KiB, with what else a request says
    const json asked = query_to_json(query);
    Query read;
    return asked.dump(-1, ' ', false, json::error_handler_t::replace).size() <= longest && query_from_json(asked, read);
}

} // namespace maptrail
