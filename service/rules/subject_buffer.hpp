// Makes subjects of what the service receives and of what the history holds.
#pragma once

#include "common/model/notification.hpp"
#include "common/model/operation.hpp"
#include "common/wire/frame.hpp"
#include "service/rules/address_book.hpp"
#include "service/rules/subject.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace maptrail::rules {

/// Of seconds since 1970 by local time.
[[nodiscard]] LocalMoment local_moment(std::int64_t local_seconds);

/// Owns a subject's texts. After its construction fill() allocates nothing. What it returns is valid until the next
/// call.
class SubjectBuffer {
public:
    /// `addresses` must outlive it. Without it only a server that is named by its address has one.
    explicit SubjectBuffer(AddressBook* addresses = nullptr);

    /// A notification as it came. `groups`: SIDs, folded and sorted; null if they are not known.
    const Subject& fill(const wire::Request& request, Source source, const Identity& identity,
                        const ClientProcess& process, const std::vector<std::string>* groups, LocalMoment moment);

    /// One notification of an operation of the history. What was joined from other operations, and what the history
    /// does not hold, is not known. It gives the subject that the notification gave when it came, but for that.
    const Subject& fill(const Operation& operation, Phase phase, const std::vector<std::string>* groups,
                        LocalMoment moment);

private:
    void reset(Action action, Phase phase, Source source, LocalMoment moment);
    void set_caller(const Identity& identity, const ClientProcess& process);
    void set_local(std::string_view name);
    void set_remote(std::string_view name);

    AddressBook* addresses_;
    Subject subject_;
    std::string utf8_; ///< on the way to a folded text
    std::string local_;
    std::string remote_;
    std::string provider_;
    std::string user_name_;
    std::string user_domain_;
    std::string user_sid_;
    std::string program_;
};

} // namespace maptrail::rules
