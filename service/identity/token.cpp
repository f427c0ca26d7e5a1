#include "service/identity/token.hpp"

#include "common/win32/handle.hpp"
#include "service/text/text.hpp"
#include "service/text/utf.hpp"

#include <sddl.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace maptrail {

namespace {

/// A SID with its header, as TokenUser and TokenIntegrityLevel give it. Whole pointers, so that nothing is padded.
struct alignas(void*) SidBuffer {
    static constexpr std::size_t pointers =
        (sizeof(SID_AND_ATTRIBUTES) + SECURITY_MAX_SID_SIZE + sizeof(void*) - 1) / sizeof(void*);
    std::array<std::byte, pointers * sizeof(void*)> bytes;

    [[nodiscard]] PSID sid() { return reinterpret_cast<SID_AND_ATTRIBUTES*>(bytes.data())->Sid; }
};

template <class T>
bool query(HANDLE token, TOKEN_INFORMATION_CLASS what, T& value) {
    DWORD size = 0;
    return GetTokenInformation(token, what, &value, sizeof value, &size) != 0;
}

/// Without asking anybody: a session at the console that was switched away from counts as remote.
SessionType session_type_of(DWORD session) {
    if (session == 0) {
        return SessionType::service;
    }
    return session == WTSGetActiveConsoleSessionId() ? SessionType::console : SessionType::remote;
}

} // namespace

bool read_token(HANDLE token, Identity& identity, DWORD& error) {
    SidBuffer user{};
    win32::LocalMemory<wchar_t> text;
    TOKEN_STATISTICS statistics{};
    DWORD session = 0;
    if (!query(token, TokenUser, user) || !ConvertSidToStringSidW(user.sid(), text.receive()) ||
        !query(token, TokenStatistics, statistics) || !query(token, TokenSessionId, session)) {
        error = GetLastError();
        return false;
    }
    identity.user_sid = to_utf8(reinterpret_cast<const char16_t*>(text.get()));
    identity.logon_id =
        (static_cast<std::uint64_t>(static_cast<std::uint32_t>(statistics.AuthenticationId.HighPart)) << 32U) |
        statistics.AuthenticationId.LowPart;
    identity.session_id = session;
    identity.session_type = session_type_of(session);

    // Both are of interest, neither is worth refusing a notification for.
    TOKEN_ELEVATION elevation{};
    identity.elevated = query(token, TokenElevation, elevation) && elevation.TokenIsElevated != 0;
    SidBuffer label{};
    if (query(token, TokenIntegrityLevel, label)) {
        const UCHAR parts = *GetSidSubAuthorityCount(label.sid());
        identity.integrity = parts == 0 ? 0 : *GetSidSubAuthority(label.sid(), parts - 1U);
    }
    return true;
}

bool read_groups(HANDLE token, std::vector<std::string>& groups, DWORD& error) {
    constexpr DWORD most = 1U << 20U; // a token has some 1,000 groups at most ("MaxTokenSize")
    groups.clear();
    DWORD size = 0;
    GetTokenInformation(token, TokenGroups, nullptr, 0, &size);
    if (error = GetLastError(); error != ERROR_INSUFFICIENT_BUFFER || size > most) {
        return false;
    }
    std::vector<std::max_align_t> buffer(size / sizeof(std::max_align_t) + 1);
    if (!GetTokenInformation(token, TokenGroups, buffer.data(), size, &size)) {
        error = GetLastError();
        return false;
    }
    const auto& found = *reinterpret_cast<const TOKEN_GROUPS*>(buffer.data());
    for (const SID_AND_ATTRIBUTES& group : std::span(&found.Groups[0], found.GroupCount)) {
        constexpr DWORD relevant = SE_GROUP_ENABLED | SE_GROUP_USE_FOR_DENY_ONLY;
        win32::LocalMemory<wchar_t> text;
        if ((group.Attributes & relevant) != SE_GROUP_ENABLED || (group.Attributes & SE_GROUP_LOGON_ID) != 0) {
            continue;
        }
        if (!ConvertSidToStringSidW(group.Sid, text.receive())) {
            error = GetLastError();
            return false;
        }
        groups.push_back(fold(to_utf8(reinterpret_cast<const char16_t*>(text.get()))));
    }
    std::ranges::sort(groups);
    groups.erase(std::ranges::unique(groups).begin(), groups.end());
    error = ERROR_SUCCESS;
    return true;
}

bool token_is_administrator(HANDLE token) {
    // CheckTokenMembership takes impersonation tokens alone; a level of identification suffices it.
    win32::Handle copy;
    if (!DuplicateTokenEx(token, TOKEN_QUERY, nullptr, SecurityIdentification, TokenImpersonation, copy.receive())) {
        return false;
    }
    for (const WELL_KNOWN_SID_TYPE type : {WinBuiltinAdministratorsSid, WinLocalSystemSid}) {
        std::array<std::byte, SECURITY_MAX_SID_SIZE> sid{};
        auto size = static_cast<DWORD>(sid.size());
        BOOL member = FALSE;
        if (CreateWellKnownSid(type, nullptr, sid.data(), &size) &&
            CheckTokenMembership(copy.get(), sid.data(), &member) && member) {
            return true;
        }
    }
    return false;
}

} // namespace maptrail
