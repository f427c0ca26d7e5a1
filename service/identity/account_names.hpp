// SIDs to names. A look-up may ask a domain controller, so it is for the drain thread, never for the listener.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>

namespace maptrail {

struct AccountName {
    std::string name;
    std::string domain;
};

/// Remembers what it found for an hour, and what it did not find for a minute. One thread.
class AccountNames {
public:
    /// Empty names if the system knows none for the SID.
    const AccountName& of(const std::string& sid);

private:
    struct Entry {
        AccountName name;
        std::chrono::steady_clock::time_point expires;
    };
    std::unordered_map<std::string, Entry> entries_;
};

/// The SID of an account, by NAME, DOMAIN\\NAME or NAME@DOMAIN; nothing if the system knows none. May ask a domain
/// controller.
[[nodiscard]] std::optional<std::string> sid_of_account(const std::string& name);

} // namespace maptrail
