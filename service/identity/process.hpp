// What the system says of a process that talks to us.
#pragma once

#include "common/model/notification.hpp"

#include <windows.h>

namespace maptrail {

/// When it was made, in nanoseconds since 1970, UTC; 0 if it can't be asked. Needs PROCESS_QUERY_LIMITED_INFORMATION.
std::int64_t process_start(HANDLE process);

/// The process that opened the client end of a pipe; call it as soon as the client is connected. The pipe keeps the
/// number also of a process that has ended meanwhile: one that has it now and started later is not the client. What
/// can't be asked stays empty.
ClientProcess read_pipe_client(HANDLE pipe);

/// Whether that very process, not one that got its number later, still runs. If it can't be told: true.
bool is_running(const ClientProcess& process);

} // namespace maptrail
