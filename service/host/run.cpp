#include "service/host/run.hpp"

#include "common/product.hpp"
#include "common/win32/error.hpp"
#include "common/win32/handle.hpp"
#include "common/win32/privilege.hpp"
#include "service/host/application.hpp"
#include "service/host/data_folder.hpp"
#include "service/sinks/event_log.hpp"

#include <windows.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <memory>
#include <string>

namespace maptrail {

namespace {

constexpr int exit_failed = 1;
/// Recovering a large inbox and looking at a history that was not closed take their time.
constexpr DWORD start_hint_ms = 60'000;
constexpr DWORD stop_hint_ms = 5'000;

/// What the service control manager's callbacks share with the thread that asked for them: it gives them one pointer.
struct ServiceProcess {
    RunOptions options;
    win32::Handle stop;
    SERVICE_STATUS_HANDLE handle = nullptr;
    std::atomic<Application*> application{nullptr}; ///< while it takes notifications
    int exit_code = 0;
};

/// ServiceMain gets no context from the system.
ServiceProcess* the_process = nullptr;

/// The console's handler gets none either.
HANDLE console_stop = nullptr;
HANDLE console_finished = nullptr;

void report(const ServiceProcess& process, DWORD state, DWORD wait_hint, DWORD service_error = 0) {
    SERVICE_STATUS status{};
    status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
    status.dwCurrentState = state;
    status.dwControlsAccepted =
        state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN | SERVICE_ACCEPT_PARAMCHANGE : 0;
    status.dwWaitHint = wait_hint;
    status.dwCheckPoint = wait_hint != 0 ? 1 : 0;
    if (service_error != 0) {
        status.dwWin32ExitCode = ERROR_SERVICE_SPECIFIC_ERROR;
        status.dwServiceSpecificExitCode = service_error;
    }
    SetServiceStatus(process.handle, &status);
}

std::filesystem::path folder_of(const RunOptions& options) {
    return options.data_folder ? *options.data_folder : default_data_folder();
}

DWORD WINAPI on_control(DWORD control, DWORD, void*, void* context) {
    auto& process = *static_cast<ServiceProcess*>(context);
    switch (control) {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
        report(process, SERVICE_STOP_PENDING, stop_hint_ms);
        SetEvent(process.stop.get());
        return NO_ERROR;
    case SERVICE_CONTROL_PARAMCHANGE: // calls come one at a time, none after the one for the stop
        if (Application* const application = process.application) {
            application->reload_soon();
        }
        return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE:
        return NO_ERROR;
    default:
        return ERROR_CALL_NOT_IMPLEMENTED;
    }
}

void WINAPI service_main(DWORD, wchar_t**) {
    ServiceProcess& process = *the_process;
    process.handle = RegisterServiceCtrlHandlerExW(service_name, &on_control, &process);
    if (process.handle == nullptr) {
        return;
    }
    report(process, SERVICE_START_PENDING, start_hint_ms);
    try {
        {
            Application application(folder_of(process.options), false);
            process.application = &application;
            report(process, SERVICE_RUNNING, 0);
            WaitForSingleObject(process.stop.get(), INFINITE);
            process.application = nullptr;
            report(process, SERVICE_STOP_PENDING, stop_hint_ms);
        }
        report(process, SERVICE_STOPPED, 0);
    } catch (const std::exception& error) {
        process.exit_code = exit_failed;
        // It may have gone wrong before there was a log; here an administrator looks then.
        EventLog().report(EventKind::start_failed, {error.what()});
        report(process, SERVICE_STOPPED, 0, exit_failed);
    }
}

int run_under_manager(const RunOptions& options) {
    ServiceProcess process{options, win32::Handle(CreateEventW(nullptr, TRUE, FALSE, nullptr)), nullptr, nullptr, 0};
    if (!process.stop) {
        win32::throw_last_error("cannot make an event");
    }
    the_process = &process;
    std::wstring name(service_name);
    const std::array<SERVICE_TABLE_ENTRYW, 2> table = {{{name.data(), &service_main}, {nullptr, nullptr}}};
    if (!StartServiceCtrlDispatcherW(table.data())) {
        const DWORD error = GetLastError();
        if (error == ERROR_FAILED_SERVICE_CONTROLLER_CONNECT) {
            throw win32::Error("\"service run\" is for the service control manager; to run in the foreground, add "
                               "--console",
                               error);
        }
        throw win32::Error("cannot connect to the service control manager", error);
    }
    return process.exit_code;
}

BOOL WINAPI on_console_event(DWORD event) {
    SetEvent(console_stop);
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT) {
        // The window closes or the session ends: the system ends the process when this returns, or after some seconds.
        WaitForSingleObject(console_finished, stop_hint_ms);
    }
    return TRUE;
}

int run_in_foreground(const RunOptions& options) {
    const win32::Handle stop(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    if (!stop) {
        win32::throw_last_error("cannot make an event");
    }
    const win32::Handle finished(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    if (!finished) {
        win32::throw_last_error("cannot make an event");
    }
    console_stop = stop.get();
    console_finished = finished.get();
    if (!SetConsoleCtrlHandler(&on_console_event, TRUE)) {
        win32::throw_last_error("cannot watch for Ctrl+C");
    }
    {
        const Application application(folder_of(options), true);
        std::fputs("MapTrail runs in the foreground; Ctrl+C stops it.\n", stderr);
        WaitForSingleObject(stop.get(), INFINITE);
    }
    SetEvent(finished.get());
    return 0;
}

} // namespace

int run_service(const RunOptions& options) {
    // Pipes and folders are SYSTEM's, also in the foreground, where an administrator makes them for it. To give them an
    // owner that one is not, and to take over a folder whose access list shuts everybody out, needs these two; both are
    // held and switched off, by SYSTEM too.
    win32::enable_privilege(SE_RESTORE_NAME);
    win32::enable_privilege(SE_TAKE_OWNERSHIP_NAME);
    try {
        return options.console ? run_in_foreground(options) : run_under_manager(options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "maptrail: %s\n", error.what());
        return exit_failed;
    }
}

} // namespace maptrail
