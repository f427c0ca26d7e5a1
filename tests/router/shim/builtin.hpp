// The functions of Wine's own DLL, which does the work.
#pragma once

#include "tests/router/shim/npapi.hpp"

namespace maptrail::router {

/// The function of that name in the copy of Wine's DLL; null if there is none.
[[nodiscard]] FARPROC find_builtin(const char* name);

/// Calls it. `declaration` is the function of the same name and type that this DLL itself exports.
template <typename Function, typename... Arguments>
DWORD call_builtin(const char* name, [[maybe_unused]] Function* declaration, Arguments... arguments) {
    const auto function = reinterpret_cast<Function*>(reinterpret_cast<void*>(find_builtin(name)));
    return function != nullptr ? function(arguments...) : ERROR_PROC_NOT_FOUND;
}

} // namespace maptrail::router
