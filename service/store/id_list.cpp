#include "service/store/id_list.hpp"

#include <nlohmann/json.hpp>

namespace maptrail {
namespace {

constexpr std::size_t longest_text = 16U << 10U; ///< more than so many ids take

/// Appends what one item names. False: it is none.
bool append_ids(const nlohmann::json& item, std::vector<std::int64_t>& ids) {
    const bool is_run = item.is_array() && item.size() == 2;
    const nlohmann::json& first = is_run ? item[0] : item;
    const nlohmann::json& last = is_run ? item[1] : item;
    if (!first.is_number_integer() || !last.is_number_integer()) {
        return false;
    }
    const auto from = first.get<std::int64_t>();
    const auto to = last.get<std::int64_t>();
    const auto room = static_cast<std::int64_t>(most_listed_ids - ids.size());
    if (from <= 0 || to < from || to - from >= room) {
        return false;
    }
    for (std::int64_t id = from; id < to; ++id) {
        ids.push_back(id);
    }
    ids.push_back(to);
    return true;
}

} // namespace

std::string id_list_text(std::span<const std::int64_t> ids) {
    nlohmann::json list = nlohmann::json::array();
    for (std::size_t first = 0; first < ids.size();) {
        std::size_t last = first;
        while (last + 1 < ids.size() && ids[last + 1] == ids[last] + 1) {
            ++last;
        }
        if (first == last) {
            list.push_back(ids[first]);
        } else {
            list.push_back({ids[first], ids[last]});
        }
        first = last + 1;
    }
    return list.dump();
}

std::optional<std::vector<std::int64_t>> ids_of_list(std::string_view text) {
    if (text.size() > longest_text) {
        return std::nullopt;
    }
    const nlohmann::json list = nlohmann::json::parse(text, nullptr, false);
    if (!list.is_array()) {
        return std::nullopt;
    }
    std::vector<std::int64_t> ids;
    for (const nlohmann::json& item : list) {
        if (!append_ids(item, ids)) {
            return std::nullopt;
        }
    }
    return ids;
}

} // namespace maptrail
