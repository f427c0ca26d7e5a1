// Which connections there are at a moment, as the record has them: a state machine over operations.
#pragma once

#include "common/model/operation.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace maptrail {

/// A connect that went well adds a connection, a disconnect that went well takes it away; so does one that fails with
/// ERROR_NOT_CONNECTED, as that says that there is none. A connection belongs to a logon session and is known by its
/// local name, or without one by its remote name. What Windows does by itself is announced to nobody: connections that
/// come back at logon are missing, those of sessions that ended stay.
class Mappings {
public:
    /// More than `most` are not held: the older half is given up then.
    explicit Mappings(std::size_t most = 50'000);

    /// In the order of time. Others than those that tell something are passed over.
    void add(const Operation& operation);

    /// The operation that made each, without what the rules said of it; by user, then by local and remote name.
    [[nodiscard]] std::vector<Operation> now() const;
    [[nodiscard]] std::uint64_t given_up() const { return given_up_; }

private:
    void give_up_older_half();

    std::size_t most_;
    std::unordered_map<std::string, Operation> held_;
    std::uint64_t given_up_ = 0;
};

} // namespace maptrail
