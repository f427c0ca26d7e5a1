// Hands a notification to the service within the budget.
#pragma once

#include "common/wire/frame.hpp"

#include <windows.h>

namespace maptrail::notifyee {

/// Numbers the request, sends it and waits for the verdict. Returns what the router shall get: WN_SUCCESS, also
/// whenever there is no service to ask, or the service's veto. Any thread.
DWORD deliver(wire::Request& request);

/// A new operation's number: not zero, and fit for lpContext in both bitnesses.
std::uint32_t next_operation();

} // namespace maptrail::notifyee
