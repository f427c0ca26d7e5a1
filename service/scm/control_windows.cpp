// Starting, stopping and asking. Every wait has an end.
#include "service/scm/service_handle.hpp"

#include <algorithm>
#include <string>

namespace maptrail {
namespace {

SERVICE_STATUS_PROCESS status_of(const ServiceHandle& service) {
    SERVICE_STATUS_PROCESS status{};
    DWORD needed = 0;
    if (QueryServiceStatusEx(service.get(), SC_STATUS_PROCESS_INFO, reinterpret_cast<BYTE*>(&status), sizeof status,
                             &needed) == FALSE) {
        throw_service_error("QueryServiceStatusEx", GetLastError());
    }
    return status;
}

std::string word_of_state(DWORD state) {
    switch (state) {
    case SERVICE_STOPPED:
        return "stopped";
    case SERVICE_START_PENDING:
        return "starting";
    case SERVICE_STOP_PENDING:
        return "stopping";
    case SERVICE_RUNNING:
        return "running";
    case SERVICE_CONTINUE_PENDING:
    case SERVICE_PAUSE_PENDING:
    case SERVICE_PAUSED:
        return "paused";
    default:
        return "in state " + std::to_string(state);
    }
}

/// Waits until the service is in `wanted`, or has stopped, or the time is over. Returns the last status.
SERVICE_STATUS_PROCESS wait_for(const ServiceHandle& service, DWORD wanted, const Progress& progress) {
    using namespace std::chrono;
    const auto deadline = steady_clock::now() + service_wait;
    auto next_news = steady_clock::now() + seconds{2};
    for (;;) {
        const SERVICE_STATUS_PROCESS status = status_of(service);
        const auto now = steady_clock::now();
        if (status.dwCurrentState == wanted || status.dwCurrentState == SERVICE_STOPPED || now >= deadline) {
            return status;
        }
        if (now >= next_news) {
            progress("Still " + word_of_state(status.dwCurrentState) + "...");
            next_news = now + seconds{5};
        }
        Sleep(100);
    }
}

[[noreturn]] void give_up(const char* what, const SERVICE_STATUS_PROCESS& status) {
    throw ServiceManagerError(std::string("The service did not ") + what + " within " +
                              std::to_string(service_wait.count()) + " s; it is " +
                              word_of_state(status.dwCurrentState) + ". Its log in the data folder may tell why.");
}

} // namespace

void start_service(const Progress& progress) {
    const ServiceHandle manager = open_manager(SC_MANAGER_CONNECT);
    const ServiceHandle service = open_service(manager, SERVICE_START | SERVICE_QUERY_STATUS);
    if (StartServiceW(service.get(), 0, nullptr) == FALSE) {
        const DWORD error = GetLastError();
        if (error != ERROR_SERVICE_ALREADY_RUNNING) {
            throw_service_error("StartService", error);
        }
        progress("The service was started already.");
    }
    const SERVICE_STATUS_PROCESS status = wait_for(service, SERVICE_RUNNING, progress);
    if (status.dwCurrentState == SERVICE_STOPPED) {
        throw ServiceManagerError("The service started and stopped again. " +
                                  win32_failure("It", status.dwWin32ExitCode) +
                                  " Its log in the data folder tells why; `maptrail service run --console` shows it.");
    }
    if (status.dwCurrentState != SERVICE_RUNNING) {
        give_up("start", status);
    }
    progress("The service is running (pid " + std::to_string(status.dwProcessId) + ").");
}

void stop_service(const Progress& progress) {
    const ServiceHandle manager = open_manager(SC_MANAGER_CONNECT);
    const ServiceHandle service = open_service(manager, SERVICE_STOP | SERVICE_QUERY_STATUS);
    SERVICE_STATUS ignored{};
    if (ControlService(service.get(), SERVICE_CONTROL_STOP, &ignored) == FALSE) {
        const DWORD error = GetLastError();
        // It is stopping, or has: what follows sees which.
        if (error != ERROR_SERVICE_NOT_ACTIVE && error != ERROR_SERVICE_CANNOT_ACCEPT_CTRL) {
            throw_service_error("ControlService", error);
        }
    }
    const SERVICE_STATUS_PROCESS status = wait_for(service, SERVICE_STOPPED, progress);
    if (status.dwCurrentState != SERVICE_STOPPED) {
        give_up("stop", status);
    }
    progress("The service has stopped.");
}

ServiceState query_service() {
    const ServiceHandle manager = open_manager(SC_MANAGER_CONNECT);
    const ServiceHandle service(OpenServiceW(manager.get(), service_name, SERVICE_QUERY_STATUS));
    if (!service) {
        const DWORD error = GetLastError();
        if (error == ERROR_SERVICE_DOES_NOT_EXIST) {
            return {};
        }
        throw_service_error("OpenService", error);
    }
    const SERVICE_STATUS_PROCESS status = status_of(service);
    return {true, word_of_state(status.dwCurrentState), status.dwProcessId};
}

} // namespace maptrail
