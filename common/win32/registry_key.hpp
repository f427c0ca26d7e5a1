// Owner of an open registry key.
#pragma once

#include <windows.h>

#include <memory>
#include <type_traits>

namespace maptrail::win32 {

struct CloseRegistryKey {
    void operator()(HKEY key) const noexcept { RegCloseKey(key); }
};

using RegistryKey = std::unique_ptr<std::remove_pointer_t<HKEY>, CloseRegistryKey>;

} // namespace maptrail::win32
