// SIDs to names. A look-up may ask a domain controller: nobody whom a program waits for may wait for one.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace maptrail {

struct AccountName {
    std::string name;
    std::string domain;
};

/// Remembers what it found for an hour, and what it did not find for a minute. Any number of threads.
class AccountNames {
public:
    /// Empty names if the system knows none for the SID.
    AccountName of(const std::string& sid);

    /// What of() found last, however long ago; empty names before that. Never waits for a look-up.
    [[nodiscard]] AccountName known(const std::string& sid) const;

private:
    struct Entry {
        AccountName name;
        std::chrono::steady_clock::time_point expires;
    };
    mutable std::mutex mutex_; ///< not held while the system is asked
    std::unordered_map<std::string, Entry> entries_;
};

/// The SID of an account, by NAME, DOMAIN\\NAME or NAME@DOMAIN; nothing if the system knows none. May ask a domain
/// controller.
[[nodiscard]] std::optional<std::string> sid_of_account(const std::string& name);

} // namespace maptrail
