// A failed Win32 call as a sentence.
#pragma once

#include <cstdint>
#include <string>

namespace maptrail {

/// "OpenService failed: ERROR_ACCESS_DENIED (5): Access is denied. Run this as an administrator."
[[nodiscard]] std::string win32_failure(const char* call, std::uint32_t error);

} // namespace maptrail
