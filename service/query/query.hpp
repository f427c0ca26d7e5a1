// A question to the history. Everything that is set must hold; within one list any value will do.
#pragma once

#include "common/model/operation.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace maptrail {

struct Query {
    std::vector<std::int64_t> ids;     ///< of operations; asks for no more than these rows of the table
    std::optional<std::int64_t> since; ///< first nanosecond that counts, by the operation's start
    std::optional<std::int64_t> until; ///< first nanosecond that does not count any more
    std::vector<std::string> users;    ///< globs: NAME, DOMAIN\NAME, NAME@DOMAIN or a SID
    std::vector<std::string> remotes;  ///< globs
    std::vector<std::string> drives;   ///< globs; "Z" means "Z:"
    std::vector<std::string> programs; ///< globs: a full path, or a file name where there is no separator
    std::vector<std::uint32_t> pids;
    std::vector<Action> actions;
    std::vector<Outcome> outcomes; ///< unknown takes in pending
    std::vector<std::uint32_t> errors;
    std::optional<std::uint64_t> newest; ///< no more than these many, the newest of them
    bool newest_first = false;           ///< else in the order of time

    /// Set by the service, from the asker's token: only operations of this user. Never taken from the asker.
    std::optional<std::string> only_user_sid;
};

} // namespace maptrail
