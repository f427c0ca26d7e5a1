// What the system says of a process that talks to us.
#pragma once

#include "common/model/notification.hpp"

#include <windows.h>

namespace maptrail {

/// The process at the client end of a pipe. A process id is a hint, so it is asked for again once the process is open:
/// what was opened is then the client, not a later process with its number. What can't be asked stays empty.
ClientProcess read_pipe_client(HANDLE pipe);

/// Whether that very process, not one that got its number later, still runs. If it can't be told: true.
bool is_running(const ClientProcess& process);

} // namespace maptrail
