// Before and after become one operation. Pure: the same notifications give the same operation in either order.
#pragma once

#include "common/model/notification.hpp"
#include "common/model/operation.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace maptrail {

/// An operation, and what it takes to add the notification that is still missing.
struct OperationRecord {
    Operation operation;
    std::uint64_t number = 0;
    std::optional<std::uint64_t> before_sequence;
    std::optional<std::uint64_t> after_sequence;
    std::uint64_t ticks = 0; ///< of the first notification that came
    std::string local_key;   ///< empty if the operation has no local device

    [[nodiscard]] int half() const { return !after_sequence ? 1 : (!before_sequence ? 2 : 0); }

    /// A disconnect whose remote name only earlier operations can tell.
    [[nodiscard]] bool wants_record() const {
        return operation.action == Action::disconnect && !local_key.empty() &&
               (operation.remote_from == RemoteFrom::none || operation.remote_from == RemoteFrom::record);
    }
};

/// Adds a notification that the record lacks.
void add(OperationRecord& record, const Notification& notification);

/// Turns an operation whose end is not known into one that MapTrail vetoed. `status`: what its caller was told; 0 if it
/// is not known, which is the notifyee's default.
void deny(Operation& operation, std::uint32_t status);

} // namespace maptrail
