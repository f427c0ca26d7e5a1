// A question to the history. Everything that is set must hold; within one list any value will do.
#pragma once

#include "common/model/operation.hpp"
#include "service/query/place.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace maptrail {

/// A member of the operation's JSON, by its dotted name, and a glob that one of its values must fit.
struct FieldMatch {
    std::string name;
    std::string value;

    bool operator==(const FieldMatch&) const = default;
};

struct Query {
    std::vector<std::int64_t> ids;      ///< of operations; asks for no more than these rows of the table
    std::optional<std::int64_t> since;  ///< first nanosecond that counts, by the operation's start
    std::optional<std::int64_t> until;  ///< first nanosecond that does not count any more
    std::vector<std::string> users;     ///< globs: NAME, DOMAIN\NAME, NAME@DOMAIN or a SID
    std::vector<std::string> remotes;   ///< globs
    std::vector<std::string> servers;   ///< globs: of the remote name
    std::vector<std::string> shares;    ///< globs: a share's name, or \\server\share where there is a separator
    std::vector<std::string> drives;    ///< globs; "Z" means "Z:"
    std::vector<std::string> programs;  ///< globs: a full path, or a file name where there is no separator
    std::vector<std::string> providers; ///< globs
    std::vector<std::string> tags;      ///< globs: given by rules that are enforced
    std::vector<std::string> rules;     ///< globs: that matched
    std::vector<std::string> texts;     ///< globs that a part of a name fits: of user, program, device, server...
    std::vector<FieldMatch> fields;     ///< any value of one field; all fields
    std::vector<std::uint32_t> pids;
    std::vector<std::uint32_t> sessions; ///< these, or one of these types
    std::vector<SessionType> session_types;
    std::vector<Source> sources;
    std::vector<Decision> decisions; ///< as they are shown: deny takes in what would have been denied
    std::vector<Action> actions;
    std::vector<Outcome> outcomes; ///< unknown takes in pending
    std::vector<std::uint32_t> errors;
    std::optional<std::uint64_t> newest; ///< no more than these many, the newest of them
    std::optional<std::uint64_t> first;  ///< no more than these many, from the answer's beginning
    bool newest_first = false;           ///< else the oldest
    bool by_ending = false;              ///< those alone that have ended, in that order; else by their start
    bool notifications = false;          ///< tell Operation::notifications
    std::optional<Place> from;           ///< with by_ending: the first place that counts

    /// Set by the service, from the asker's token: only operations of this user. Never taken from the asker.
    std::optional<std::string> only_user_sid;
};

} // namespace maptrail
