// Ids of operations as a note of the chain has them: "[7,[10,509]]", numbers and runs of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace maptrail {

inline constexpr std::size_t most_listed_ids = 500;

/// `ids` rise, and are no more than most_listed_ids.
[[nodiscard]] std::string id_list_text(std::span<const std::int64_t> ids);

/// Nothing of what id_list_text() does not write, runs of any length included.
[[nodiscard]] std::optional<std::vector<std::int64_t>> ids_of_list(std::string_view text);

} // namespace maptrail
