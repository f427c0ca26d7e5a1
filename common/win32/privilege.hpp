// Privileges that a token holds and has switched off.
#pragma once

#include <windows.h>

namespace maptrail::win32 {

/// Switches a privilege of this process on, such as SE_RESTORE_NAME. False if the token does not hold it; what needs it
/// will then say so itself.
bool enable_privilege(const wchar_t* name);

} // namespace maptrail::win32
