// What a token says of its user.
#pragma once

#include "common/model/notification.hpp"

#include <windows.h>

#include <string>
#include <vector>

namespace maptrail {

/// Fills in everything but the names, which are slow to look up. Needs TOKEN_QUERY. False: `error` says why.
bool read_token(HANDLE token, Identity& identity, DWORD& error);

/// The SIDs of the token's groups that are enabled, and not for denying alone, less the logon session's own: each once,
/// folded and sorted. Needs TOKEN_QUERY. False: `error` says why.
bool read_groups(HANDLE token, std::vector<std::string>& groups, DWORD& error);

/// Whether Administrators is enabled in the token (so: elevated, where there is UAC), or it is SYSTEM. Needs
/// TOKEN_QUERY and TOKEN_DUPLICATE.
bool token_is_administrator(HANDLE token);

} // namespace maptrail
