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

template <class E>
json numbers(const std::vector<E>& values) {
    json list = json::array();
    for (const E value : values) {
        list.push_back(static_cast<std::uint32_t>(value));
    }
    return list;
}

bool read_member(const std::string& name, const json& value, Query& query) {
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
    if (name == "users") {
        return read_list(value, query.users, read_text);
    }
    if (name == "remotes") {
        return read_list(value, query.remotes, read_text);
    }
    if (name == "drives") {
        return read_list(value, query.drives, read_text);
    }
    if (name == "programs") {
        return read_list(value, query.programs, read_text);
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
    json result = {{"users", query.users},
                   {"remotes", query.remotes},
                   {"drives", query.drives},
                   {"programs", query.programs},
                   {"pids", query.pids},
                   {"actions", numbers(query.actions)},
                   {"outcomes", numbers(query.outcomes)},
                   {"errors", query.errors},
                   {"newestFirst", query.newest_first}};
    if (!query.ids.empty()) { // a service that knows no ids still answers everything else
        result["ids"] = query.ids;
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

} // namespace maptrail
