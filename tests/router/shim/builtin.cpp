#include "tests/router/shim/builtin.hpp"

namespace maptrail::router {

FARPROC find_builtin(const char* name) {
    static const HMODULE module = LoadLibraryW(L"mpr_builtin.dll");
    return module != nullptr ? GetProcAddress(module, name) : nullptr;
}

} // namespace maptrail::router
