// Who stands at the other end of a pipe. The notifyee uses it too: no allocation, no exceptions, no C runtime.
#pragma once

#include <windows.h>

namespace maptrail::win32 {

/// Whether the pipe was made by SYSTEM or by an administrator. ProtectedPrefix keeps everybody else from making a pipe
/// of our name; the owner tells that this protection was in force when the pipe was made. Needs READ_CONTROL.
[[nodiscard]] bool pipe_belongs_to_system(HANDLE pipe);

} // namespace maptrail::win32
