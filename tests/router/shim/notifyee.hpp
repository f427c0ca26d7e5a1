// Who listens in this process.
#pragma once

#include "tests/router/shim/npapi.hpp"

#include <vector>

namespace maptrail::router {

/// A loaded notifyee. Either function may be missing: then it is not called for that kind of operation.
struct Notifyee {
    PF_AddConnectNotify add = nullptr;
    PF_CancelConnectNotify cancel = nullptr;
};

/// All notifyees, loaded when they are first asked for and for good. One that does not load is passed over.
[[nodiscard]] const std::vector<Notifyee>& notifyees();

} // namespace maptrail::router
