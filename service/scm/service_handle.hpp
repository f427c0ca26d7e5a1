// Owner of a handle of the service control manager. Windows only.
#pragma once

#include "common/product.hpp"
#include "service/scm/service_manager.hpp"
#include "service/scm/win32_failure.hpp"

#include <memory>
#include <type_traits>
#include <windows.h>

namespace maptrail {

struct ServiceHandleCloser {
    void operator()(SC_HANDLE handle) const noexcept { CloseServiceHandle(handle); }
};
using ServiceHandle = std::unique_ptr<std::remove_pointer_t<SC_HANDLE>, ServiceHandleCloser>;

[[noreturn]] inline void throw_service_error(const char* call, DWORD error) {
    throw ServiceManagerError(win32_failure(call, error));
}

inline ServiceHandle open_manager(DWORD access) {
    ServiceHandle manager(OpenSCManagerW(nullptr, nullptr, access));
    if (!manager) {
        throw_service_error("OpenSCManager", GetLastError());
    }
    return manager;
}

inline ServiceHandle open_service(const ServiceHandle& manager, DWORD access) {
    ServiceHandle service(OpenServiceW(manager.get(), service_name, access));
    if (!service) {
        throw_service_error("OpenService", GetLastError());
    }
    return service;
}

} // namespace maptrail
