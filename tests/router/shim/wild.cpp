#include "tests/router/shim/wild.hpp"

namespace maptrail::router {

LPWSTR wild_pointer() {
    static void* const reserved = VirtualAlloc(nullptr, 1, MEM_RESERVE, PAGE_NOACCESS);
    // No process has its last page, so this is as good.
    return static_cast<LPWSTR>(reserved != nullptr ? reserved : reinterpret_cast<void*>(~ULONG_PTR{0xFFF}));
}

} // namespace maptrail::router
