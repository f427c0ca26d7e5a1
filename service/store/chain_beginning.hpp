// Where the chain begins. An entry of the chain itself tells it, so that a head which was kept proves it too.
#pragma once

#include "service/store/chain.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace maptrail {

struct ChainBeginning {
    ChainHead after;                 ///< the last entry that was cut off; number 0: none was
    std::int64_t unproved_up_to = 0; ///< operations up to this one are older than the chain

    bool operator==(const ChainBeginning&) const = default;
};

/// As the entry's note has it.
[[nodiscard]] std::string beginning_text(const ChainBeginning& beginning);
[[nodiscard]] std::optional<ChainBeginning> beginning_of_text(std::string_view text);

/// What the newest entry says that tells it. Nothing: there is none, as in a database that somebody changed.
[[nodiscard]] std::optional<ChainBeginning> read_beginning(Database& database);

/// Makes the first such entry, of what schema 5 kept in `meta`. For the step to schema 6.
void tell_first_beginning(Database& database);

} // namespace maptrail
