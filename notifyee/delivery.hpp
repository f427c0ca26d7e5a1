// Hands a notification to the service within the budget, one way or the other.
#pragma once

#include "common/wire/frame.hpp"

#include <windows.h>

namespace maptrail::notifyee {

/// Numbers the request, sends it and waits for receipt and verdict. Without a receipt it goes to the spool. Returns
/// what the router shall get: the service's verdict; if nobody answers, what the policy page says, WN_SUCCESS unless
/// the administrator wanted otherwise. WN_SUCCESS at once where MapTrail is not installed. Any thread.
DWORD deliver(wire::Request& request);

/// A new operation's number: not zero, and fit for lpContext in both bitnesses.
std::uint32_t next_operation();

} // namespace maptrail::notifyee
