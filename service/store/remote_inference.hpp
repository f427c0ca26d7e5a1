// Where a drive letter pointed, told from the logon session's earlier operations.
#pragma once

#include "service/store/correlate.hpp"
#include "service/store/statement.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace maptrail {

class RemoteInference {
public:
    explicit RemoteInference(Database& database);

    /// For a disconnect whose remote name is not known first-hand: fills it in from the last successful operation on
    /// that device before it, if that was a connect. Operations count in the order of their start, not of their
    /// arrival.
    void infer(OperationRecord& record);

    /// An operation on a device has succeeded: later disconnects that were stored before it may have another answer
    /// now.
    void revise_after(const OperationRecord& record);

private:
    struct Place {
        std::uint64_t logon_id;
        std::string local_key;
        std::string user_sid;
        std::int64_t start;
        std::int64_t id;
    };
    struct Previous {
        std::int64_t id = 0;
        std::string remote_name; ///< empty if nothing was mapped
    };

    [[nodiscard]] static Place place_of(const OperationRecord& record);
    [[nodiscard]] Previous previous(const Place& place);
    [[nodiscard]] std::vector<Place> inferred_after(const Place& place);

    Statement previous_;
    Statement inferred_after_;
    Statement set_;
};

} // namespace maptrail
