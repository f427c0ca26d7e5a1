#include "common/model/windows_error.hpp"

#include <algorithm>
#include <array>

namespace maptrail {
namespace {

struct Entry {
    std::uint32_t code;
    std::string_view name;
    std::string_view text;
};

// "System Error Codes" of Microsoft's documentation, sorted by code.
constexpr auto entries = std::to_array<Entry>({
    {0, "ERROR_SUCCESS", "The operation completed successfully."},
    {1, "ERROR_INVALID_FUNCTION", "Incorrect function."},
    {2, "ERROR_FILE_NOT_FOUND", "The system cannot find the file specified."},
    {3, "ERROR_PATH_NOT_FOUND", "The system cannot find the path specified."},
    {5, "ERROR_ACCESS_DENIED", "Access is denied."},
    {6, "ERROR_INVALID_HANDLE", "The handle is invalid."},
    {8, "ERROR_NOT_ENOUGH_MEMORY", "Not enough storage is available to process this command."},
    {14, "ERROR_OUTOFMEMORY", "Not enough storage is available to complete this operation."},
    {15, "ERROR_INVALID_DRIVE", "The system cannot find the drive specified."},
    {21, "ERROR_NOT_READY", "The device is not ready."},
    {31, "ERROR_GEN_FAILURE", "A device attached to the system is not functioning."},
    {32, "ERROR_SHARING_VIOLATION", "The process cannot access the file because it is being used by another process."},
    {50, "ERROR_NOT_SUPPORTED", "The request is not supported."},
    {51, "ERROR_REM_NOT_LIST",
     "Windows cannot find the network path. Verify that the network path is correct and the destination computer is "
     "not busy or turned off. If Windows still cannot find the network path, contact your network administrator."},
    {52, "ERROR_DUP_NAME",
     "You were not connected because a duplicate name exists on the network. If joining a domain, go to System in "
     "Control Panel to change the computer name and try again. If joining a workgroup, choose another workgroup name."},
    {53, "ERROR_BAD_NETPATH", "The network path was not found."},
    {54, "ERROR_NETWORK_BUSY", "The network is busy."},
    {55, "ERROR_DEV_NOT_EXIST", "The specified network resource or device is no longer available."},
    {56, "ERROR_TOO_MANY_CMDS", "The network BIOS command limit has been reached."},
    {57, "ERROR_ADAP_HDW_ERR", "A network adapter hardware error occurred."},
    {58, "ERROR_BAD_NET_RESP", "The specified server cannot perform the requested operation."},
    {59, "ERROR_UNEXP_NET_ERR", "An unexpected network error occurred."},
    {60, "ERROR_BAD_REM_ADAP", "The remote adapter is not compatible."},
    {61, "ERROR_PRINTQ_FULL", "The printer queue is full."},
    {62, "ERROR_NO_SPOOL_SPACE", "Space to store the file waiting to be printed is not available on the server."},
    {63, "ERROR_PRINT_CANCELLED", "Your file waiting to be printed was deleted."},
    {64, "ERROR_NETNAME_DELETED", "The specified network name is no longer available."},
    {65, "ERROR_NETWORK_ACCESS_DENIED", "Network access is denied."},
    {66, "ERROR_BAD_DEV_TYPE", "The network resource type is not correct."},
    {67, "ERROR_BAD_NET_NAME", "The network name cannot be found."},
    {68, "ERROR_TOO_MANY_NAMES", "The name limit for the local computer network adapter card was exceeded."},
    {69, "ERROR_TOO_MANY_SESS", "The network BIOS session limit was exceeded."},
    {70, "ERROR_SHARING_PAUSED", "The remote server has been paused or is in the process of being started."},
    {71, "ERROR_REQ_NOT_ACCEP",
     "No more connections can be made to this remote computer at this time because there are already as many "
     "connections as the computer can accept."},
    {72, "ERROR_REDIR_PAUSED", "The specified printer or disk device has been paused."},
    {84, "ERROR_OUT_OF_STRUCTURES", "Storage to process this request is not available."},
    {85, "ERROR_ALREADY_ASSIGNED", "The local device name is already in use."},
    {86, "ERROR_INVALID_PASSWORD", "The specified network password is not correct."},
    {87, "ERROR_INVALID_PARAMETER", "The parameter is incorrect."},
    {88, "ERROR_NET_WRITE_FAULT", "A write fault occurred on the network."},
    {109, "ERROR_BROKEN_PIPE", "The pipe has been ended."},
    {110, "ERROR_OPEN_FAILED", "The system cannot open the device or file specified."},
    {120, "ERROR_CALL_NOT_IMPLEMENTED", "This function is not supported on this system."},
    {121, "ERROR_SEM_TIMEOUT", "The semaphore timeout period has expired."},
    {122, "ERROR_INSUFFICIENT_BUFFER", "The data area passed to a system call is too small."},
    {123, "ERROR_INVALID_NAME", "The filename, directory name, or volume label syntax is incorrect."},
    {124, "ERROR_INVALID_LEVEL", "The system call level is not correct."},
    {161, "ERROR_BAD_PATHNAME", "The specified path is invalid."},
    {170, "ERROR_BUSY", "The requested resource is in use."},
    {234, "ERROR_MORE_DATA", "More data is available."},
    {259, "ERROR_NO_MORE_ITEMS", "No more data is available."},
    {487, "ERROR_INVALID_ADDRESS", "Attempt to access invalid address."},
    {1051, "ERROR_DEPENDENT_SERVICES_RUNNING",
     "A stop control has been sent to a service that other running services are dependent on."},
    {1053, "ERROR_SERVICE_REQUEST_TIMEOUT",
     "The service did not respond to the start or control request in a timely fashion."},
    {1056, "ERROR_SERVICE_ALREADY_RUNNING", "An instance of the service is already running."},
    {1058, "ERROR_SERVICE_DISABLED",
     "The service cannot be started, either because it is disabled or because it has no enabled devices associated "
     "with it."},
    {1060, "ERROR_SERVICE_DOES_NOT_EXIST", "The specified service does not exist as an installed service."},
    {1062, "ERROR_SERVICE_NOT_ACTIVE", "The service has not been started."},
    {1072, "ERROR_SERVICE_MARKED_FOR_DELETE", "The specified service has been marked for deletion."},
    {1073, "ERROR_SERVICE_EXISTS", "The specified service already exists."},
    {1200, "ERROR_BAD_DEVICE", "The specified device name is invalid."},
    {1201, "ERROR_CONNECTION_UNAVAIL", "The device is not currently connected but it is a remembered connection."},
    {1202, "ERROR_DEVICE_ALREADY_REMEMBERED",
     "The local device name has a remembered connection to another network resource."},
    {1203, "ERROR_NO_NET_OR_BAD_PATH",
     "The network path was either typed incorrectly, does not exist, or the network provider is not currently "
     "available. Please try retyping the path or contact your network administrator."},
    {1204, "ERROR_BAD_PROVIDER", "The specified network provider name is invalid."},
    {1205, "ERROR_CANNOT_OPEN_PROFILE", "Unable to open the network connection profile."},
    {1206, "ERROR_BAD_PROFILE", "The network connection profile is corrupted."},
    {1207, "ERROR_NOT_CONTAINER", "Cannot enumerate a noncontainer."},
    {1208, "ERROR_EXTENDED_ERROR", "An extended error has occurred."},
    {1209, "ERROR_INVALID_GROUPNAME", "The format of the specified group name is invalid."},
    {1210, "ERROR_INVALID_COMPUTERNAME", "The format of the specified computer name is invalid."},
    {1211, "ERROR_INVALID_EVENTNAME", "The format of the specified event name is invalid."},
    {1212, "ERROR_INVALID_DOMAINNAME", "The format of the specified domain name is invalid."},
    {1213, "ERROR_INVALID_SERVICENAME", "The format of the specified service name is invalid."},
    {1214, "ERROR_INVALID_NETNAME", "The format of the specified network name is invalid."},
    {1215, "ERROR_INVALID_SHARENAME", "The format of the specified share name is invalid."},
    {1216, "ERROR_INVALID_PASSWORDNAME", "The format of the specified password is invalid."},
    {1217, "ERROR_INVALID_MESSAGENAME", "The format of the specified message name is invalid."},
    {1218, "ERROR_INVALID_MESSAGEDEST", "The format of the specified message destination is invalid."},
    {1219, "ERROR_SESSION_CREDENTIAL_CONFLICT",
     "Multiple connections to a server or shared resource by the same user, using more than one user name, are not "
     "allowed. Disconnect all previous connections to the server or shared resource and try again."},
    {1220, "ERROR_REMOTE_SESSION_LIMIT_EXCEEDED",
     "An attempt was made to establish a session to a network server, but there are already too many sessions "
     "established to that server."},
    {1221, "ERROR_DUP_DOMAINNAME",
     "The workgroup or domain name is already in use by another computer on the network."},
    {1222, "ERROR_NO_NETWORK", "The network is not present or not started."},
    {1223, "ERROR_CANCELLED", "The operation was canceled by the user."},
    {1224, "ERROR_USER_MAPPED_FILE",
     "The requested operation cannot be performed on a file with a user-mapped section open."},
    {1225, "ERROR_CONNECTION_REFUSED", "The remote computer refused the network connection."},
    {1226, "ERROR_GRACEFUL_DISCONNECT", "The network connection was gracefully closed."},
    {1227, "ERROR_ADDRESS_ALREADY_ASSOCIATED",
     "The network transport endpoint already has an address associated with it."},
    {1228, "ERROR_ADDRESS_NOT_ASSOCIATED", "An address has not yet been associated with the network endpoint."},
    {1229, "ERROR_CONNECTION_INVALID", "An operation was attempted on a nonexistent network connection."},
    {1230, "ERROR_CONNECTION_ACTIVE", "An invalid operation was attempted on an active network connection."},
    {1231, "ERROR_NETWORK_UNREACHABLE",
     "The network location cannot be reached. For information about network troubleshooting, see Windows Help."},
    {1232, "ERROR_HOST_UNREACHABLE",
     "The network location cannot be reached. For information about network troubleshooting, see Windows Help."},
    {1233, "ERROR_PROTOCOL_UNREACHABLE",
     "The network location cannot be reached. For information about network troubleshooting, see Windows Help."},
    {1234, "ERROR_PORT_UNREACHABLE",
     "No service is operating at the destination network endpoint on the remote system."},
    {1235, "ERROR_REQUEST_ABORTED", "The request was aborted."},
    {1236, "ERROR_CONNECTION_ABORTED", "The network connection was aborted by the local system."},
    {1237, "ERROR_RETRY", "The operation could not be completed. A retry should be performed."},
    {1238, "ERROR_CONNECTION_COUNT_LIMIT",
     "A connection to the server could not be made because the limit on the number of concurrent connections for this "
     "account has been reached."},
    {1239, "ERROR_LOGIN_TIME_RESTRICTION", "Attempting to log in during an unauthorized time of day for this account."},
    {1240, "ERROR_LOGIN_WKSTA_RESTRICTION", "The account is not authorized to log in from this station."},
    {1241, "ERROR_INCORRECT_ADDRESS", "The network address could not be used for the operation requested."},
    {1244, "ERROR_NOT_AUTHENTICATED",
     "The operation being requested was not performed because the user has not been authenticated."},
    {1245, "ERROR_NOT_LOGGED_ON",
     "The operation being requested was not performed because the user has not logged on to the network. The "
     "specified service does not exist."},
    {1248, "ERROR_NO_MORE_DEVICES", "No more local devices."},
    {1251, "ERROR_ONLY_IF_CONNECTED", "This operation is supported only when you are connected to the server."},
    {1255, "ERROR_SERVER_SHUTDOWN_IN_PROGRESS", "The server machine is shutting down."},
    {1256, "ERROR_HOST_DOWN",
     "The remote system is not available. For information about network troubleshooting, see Windows Help."},
    {1262, "ERROR_CSCSHARE_OFFLINE", "The share is currently offline or does not exist."},
    {1265, "ERROR_DOWNGRADE_DETECTED",
     "The system cannot contact a domain controller to service the authentication request. Please try again later."},
    {1311, "ERROR_NO_LOGON_SERVERS", "There are currently no logon servers available to service the logon request."},
    {1312, "ERROR_NO_SUCH_LOGON_SESSION",
     "A specified logon session does not exist. It may already have been terminated."},
    {1314, "ERROR_PRIVILEGE_NOT_HELD", "A required privilege is not held by the client."},
    {1317, "ERROR_NO_SUCH_USER", "The specified account does not exist."},
    {1323, "ERROR_WRONG_PASSWORD",
     "Unable to update the password. The value provided as the current password is incorrect."},
    {1326, "ERROR_LOGON_FAILURE", "The user name or password is incorrect."},
    {1327, "ERROR_ACCOUNT_RESTRICTION",
     "Account restrictions are preventing this user from signing in. For example: blank passwords aren't allowed, "
     "sign-in times are limited, or a policy restriction has been enforced."},
    {1328, "ERROR_INVALID_LOGON_HOURS", "Your account has time restrictions that keep you from signing in right now."},
    {1329, "ERROR_INVALID_WORKSTATION", "This user isn't allowed to sign in to this computer."},
    {1330, "ERROR_PASSWORD_EXPIRED", "The password for this account has expired."},
    {1331, "ERROR_ACCOUNT_DISABLED", "This user can't sign in because this account is currently disabled."},
    {1355, "ERROR_NO_SUCH_DOMAIN", "The specified domain either does not exist or could not be contacted."},
    {1385, "ERROR_LOGON_TYPE_NOT_GRANTED",
     "Logon failure: the user has not been granted the requested logon type at this computer."},
    {1396, "ERROR_WRONG_TARGET_NAME", "The target account name is incorrect."},
    {1460, "ERROR_TIMEOUT", "This operation returned because the timeout period expired."},
    {1722, "RPC_S_SERVER_UNAVAILABLE", "The RPC server is unavailable."},
    {1787, "ERROR_NO_TRUST_SAM_ACCOUNT",
     "The security database on the server does not have a computer account for this workstation trust relationship."},
    {1788, "ERROR_TRUSTED_DOMAIN_FAILURE",
     "The trust relationship between the primary domain and the trusted domain failed."},
    {1789, "ERROR_TRUSTED_RELATIONSHIP_FAILURE",
     "The trust relationship between this workstation and the primary domain failed."},
    {1790, "ERROR_TRUST_FAILURE", "The network logon failed."},
    {1792, "ERROR_NETLOGON_NOT_STARTED",
     "An attempt was made to logon, but the network logon service was not started."},
    {1793, "ERROR_ACCOUNT_EXPIRED", "The user's account has expired."},
    {1807, "ERROR_NOLOGON_INTERDOMAIN_TRUST_ACCOUNT",
     "The account used is an interdomain trust account. Use your global user account or local user account to access "
     "this server."},
    {1808, "ERROR_NOLOGON_WORKSTATION_TRUST_ACCOUNT",
     "The account used is a computer account. Use your global user account or local user account to access this "
     "server."},
    {1809, "ERROR_NOLOGON_SERVER_TRUST_ACCOUNT",
     "The account used is a server trust account. Use your global user account or local user account to access this "
     "server."},
    {1907, "ERROR_PASSWORD_MUST_CHANGE", "The user's password must be changed before signing in."},
    {1909, "ERROR_ACCOUNT_LOCKED_OUT", "The referenced account is currently locked out and may not be logged on to."},
    {2202, "ERROR_BAD_USERNAME", "The specified username is invalid."},
    {2250, "ERROR_NOT_CONNECTED", "This network connection does not exist."},
    {2401, "ERROR_OPEN_FILES", "This network connection has files open or requests pending."},
    {2402, "ERROR_ACTIVE_CONNECTIONS", "Active connections still exist."},
    {2404, "ERROR_DEVICE_IN_USE", "The device is in use by an active process and cannot be disconnected."},
});

static_assert(std::ranges::is_sorted(entries, {}, &Entry::code));

struct Alias {
    std::string_view name;
    std::uint32_t code;
};

// WinNetWk.h's names of the same codes, where they are not the ERROR_ name with another prefix.
constexpr auto aliases = std::to_array<Alias>({
    {"WN_SUCCESS", 0},
    {"WN_NO_ERROR", 0},
    {"WN_NOT_SUPPORTED", 50},
    {"WN_NET_ERROR", 59},
    {"WN_BAD_NETNAME", 67},
    {"WN_BAD_LOCALNAME", 1200},
    {"WN_ALREADY_CONNECTED", 85},
    {"WN_BAD_PASSWORD", 86},
    {"WN_BAD_VALUE", 87},
    {"WN_MORE_DATA", 234},
    {"WN_BAD_POINTER", 487},
    {"WN_CANCEL", 1223},
    {"WN_RETRY", 1237},
    {"WN_NO_NET_OR_BAD_PATH", 1203},
    {"WN_BAD_PROVIDER", 1204},
    {"WN_CANNOT_OPEN_PROFILE", 1205},
    {"WN_BAD_PROFILE", 1206},
    {"WN_EXTENDED_ERROR", 1208},
    {"WN_NO_NETWORK", 1222},
    {"WN_BAD_USER", 2202},
    {"WN_NOT_CONNECTED", 2250},
    {"WN_OPEN_FILES", 2401},
    {"WN_DEVICE_IN_USE", 2404},
    {"WN_ACCESS_DENIED", 5},
    {"WN_OUT_OF_MEMORY", 8},
    {"WN_NO_MORE_ENTRIES", 259},
    {"WN_DEVICE_ALREADY_REMEMBERED", 1202},
    {"WN_CONNECTION_CLOSED", 1201},
    {"WN_NOT_AUTHENTICATED", 1244},
    {"WN_NOT_LOGGED_ON", 1245},
});

const Entry* find(std::uint32_t code) {
    const Entry* const end = entries.data() + entries.size();
    const Entry* const found = std::ranges::lower_bound(entries.data(), end, code, {}, &Entry::code);
    return found != end && found->code == code ? found : nullptr;
}

constexpr char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool same(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return upper(x) == upper(y); });
}

} // namespace

std::string_view error_name(std::uint32_t code) {
    const Entry* const entry = find(code);
    return entry != nullptr ? entry->name : std::string_view{};
}

std::string_view error_text(std::uint32_t code) {
    const Entry* const entry = find(code);
    return entry != nullptr ? entry->text : std::string_view{};
}

std::optional<std::uint32_t> error_code(std::string_view name) {
    for (const Entry& entry : entries) {
        if (same(entry.name, name)) {
            return entry.code;
        }
    }
    for (const Alias& alias : aliases) {
        if (same(alias.name, name)) {
            return alias.code;
        }
    }
    return std::nullopt;
}

std::vector<std::string_view> error_names() {
    std::vector<std::string_view> names;
    names.reserve(std::size(entries) + std::size(aliases));
    for (const Entry& entry : entries) {
        names.push_back(entry.name);
    }
    for (const Alias& alias : aliases) {
        names.push_back(alias.name);
    }
    return names;
}

} // namespace maptrail
