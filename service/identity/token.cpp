#include "service/identity/token.hpp"

#include "common/win32/handle.hpp"
#include "service/text/utf.hpp"

#include <sddl.h>

#include <array>

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
