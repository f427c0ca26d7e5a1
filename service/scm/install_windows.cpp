// Installing the service, for those who do without the MSI. The MSI sets the same things through its tables.
#include "service/registration/data_folder_value.hpp"
#include "service/scm/service_handle.hpp"

#include <array>
#include <string>

namespace maptrail {
namespace {

constexpr wchar_t display_name[] = L"MapTrail";
wchar_t description[] = L"Records who connects and disconnects network drives and other network resources. "
                        L"Without it, such connections are made but not recorded.";

// All that the service uses: telling users apart needs impersonation, asking for their programs' paths needs debug,
// owning its folders needs restore, running a rule's command as a lesser account the last three.
wchar_t privileges[] = L"SeChangeNotifyPrivilege\0SeImpersonatePrivilege\0SeDebugPrivilege\0SeRestorePrivilege\0"
                       L"SeTakeOwnershipPrivilege\0SeTcbPrivilege\0SeAssignPrimaryTokenPrivilege\0"
                       L"SeIncreaseQuotaPrivilege\0";

std::wstring image_path() {
    std::wstring path(MAX_PATH, L'\0');
    for (;;) {
        const DWORD length = GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
        if (length == 0) {
            throw_service_error("GetModuleFileName", GetLastError());
        }
        if (length < path.size()) {
            path.resize(length);
            return path;
        }
        path.resize(path.size() * 2);
    }
}

/// A setting that the service runs without: where it cannot be made, that is told and no reason to give up.
void set_or_tell(const ServiceHandle& service, DWORD level, void* setting, const char* what, const Progress& progress) {
    if (ChangeServiceConfig2W(service.get(), level, setting) == FALSE) {
        progress(std::string("Warning: ") + what + " was not set. " +
                 win32_failure("ChangeServiceConfig2", GetLastError()));
    }
}

void configure(const ServiceHandle& service, const Progress& progress) {
    SERVICE_DESCRIPTIONW text{description};
    set_or_tell(service, SERVICE_CONFIG_DESCRIPTION, &text, "the description", progress);

    // Back up at once, then slower: a service that dies at each start must not keep the machine busy.
    std::array<SC_ACTION, 3> actions{
        {{SC_ACTION_RESTART, 1'000}, {SC_ACTION_RESTART, 10'000}, {SC_ACTION_RESTART, 60'000}}};
    SERVICE_FAILURE_ACTIONSW failure{};
    failure.dwResetPeriod = 24 * 60 * 60;
    failure.cActions = static_cast<DWORD>(actions.size());
    failure.lpsaActions = actions.data();
    set_or_tell(service, SERVICE_CONFIG_FAILURE_ACTIONS, &failure, "the restart after a failure", progress);

    SERVICE_FAILURE_ACTIONS_FLAG also_on_error{TRUE};
    set_or_tell(service, SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, &also_on_error, "the restart after a stop with an error",
                progress);

    SERVICE_SID_INFO sid{SERVICE_SID_TYPE_UNRESTRICTED};
    set_or_tell(service, SERVICE_CONFIG_SERVICE_SID_INFO, &sid, "the service's own SID", progress);

    SERVICE_REQUIRED_PRIVILEGES_INFOW needed{privileges};
    set_or_tell(service, SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO, &needed, "the list of needed privileges", progress);
}

} // namespace

void install_service(const Progress& progress) {
    const ServiceHandle manager = open_manager(SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE);
    // In quotes: without them "C:\Program Files\..." would try C:\Program.exe first.
    const std::wstring command = L"\"" + image_path() + L"\" service run";
    const ServiceHandle service(CreateServiceW(manager.get(), service_name, display_name, SERVICE_ALL_ACCESS,
                                               SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL,
                                               command.c_str(), nullptr, nullptr, nullptr, nullptr, nullptr));
    if (!service) {
        throw_service_error("CreateService", GetLastError());
    }
    configure(service, progress);
    progress(
        "The service is installed. Start it with `maptrail service start`. The DLL is registered by the MSI alone.");
}

void uninstall_service(const Progress& progress) {
    {
        const ServiceHandle manager = open_manager(SC_MANAGER_CONNECT);
        (void)open_service(manager, DELETE | SERVICE_STOP | SERVICE_QUERY_STATUS); // refused here, nothing is stopped
    }
    stop_service(progress);
    const ServiceHandle manager = open_manager(SC_MANAGER_CONNECT);
    const ServiceHandle service = open_service(manager, DELETE);
    if (DeleteService(service.get()) == FALSE) {
        throw_service_error("DeleteService", GetLastError());
    }
    if (unsigned long error = 0; !forget_data_folder(error)) {
        progress("Warning: the registry goes on to tell programs where the data folder is (error " +
                 std::to_string(error) + ").");
    }
    progress("The service is removed. Its data is kept.");
}

} // namespace maptrail
