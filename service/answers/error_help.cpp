#include "service/answers/error_help.hpp"

#include <algorithm>
#include <array>

namespace maptrail {
namespace {

// Meanings after "System Error Codes" and the pages of the WNet functions in Microsoft's documentation; sorted by code.
constexpr auto helps = std::to_array<ErrorHelp>({
    {2, "What was named was not found.", "Check the spelling of the server and the share."},
    {5, "The server or this machine refused access.",
     "Check the permissions of the share and of its folder, and which account was used. A share like C$ needs an "
     "administrator of that server."},
    {51, "The server did not answer the request for the path.",
     "Check that the server is on and can be reached, and that file sharing (TCP port 445) is not blocked on the way."},
    {52, "Two machines on the network have the same name.", "Rename one of them."},
    {53, "The server was not found or could not be reached by its name.",
     "Check the server's name, its entry in DNS (nslookup), that it is on, and that no firewall blocks TCP port 445."},
    {54, "The network or the server is too busy to answer.", "Try again; look at the load of the server."},
    {55, "The share, printer or device is no longer there: it was removed, or the server was restarted.",
     "Check that the share still exists on the server; then disconnect and connect again."},
    {58, "The server cannot do what was asked of it, or its answer was not understood.",
     "Check that both sides have an SMB version in common, and the server's own log."},
    {59, "The network failed in a way that has no error of its own, often in the middle of the operation.",
     "Try again. If it comes back, look at the network adapter, the switch, VPN and filter software."},
    {64, "The server closed the connection: it was restarted, a session timed out, or a device between cut it.",
     "Connect again. If it comes back, look at the server's log and at firewalls that cut idle connections."},
    {65, "The network refused access.", "Check the account's permissions, and its right to log on over the network."},
    {66, "The kind of resource is wrong: a drive was asked for and a printer is shared there, or the other way round.",
     "Name a share of the right kind, or let the call leave the kind open."},
    {67, "The server was found, but it has no share of that name; or no network provider accepts the name.",
     "Check the name of the share (net view \\\\server); a name has the form \\\\server\\share."},
    {70, "The server service is paused or is being started.", "Wait, or resume the Server service there."},
    {71, "The server takes no more connections: a limit of the share or of that edition of Windows is reached.",
     "Close connections that nobody uses (Get-SmbSession there), raise the share's limit, or use a server edition."},
    {85, "The drive letter or port is in use already, by another connection or by a local disk.",
     "Disconnect it first (net use Z: /delete), or take another letter. `maptrail why` shows who connected it."},
    {86, "The password for the share is wrong.",
     "Enter the right one; take an old one out of the Credential Manager (cmdkey /list)."},
    {87, "The call had an argument that makes no sense, such as a malformed name.",
     "Look at the command or script that connects: drive, \\\\server\\share and flags."},
    {121, "The server did not answer in time.",
     "Check the way to the server: packet loss, VPN, a firewall that drops without a word; and its load."},
    {123, "The name has characters or a form that is not allowed.",
     "Check the spelling: \\\\server\\share, without quotes or blanks around it."},
    {170, "The network provider is busy, possibly still starting.", "Try again in a moment."},
    {1200, "The name of the local device is not valid.", "Name a drive like Z: or a port like LPT1:."},
    {1201, "The drive is remembered from an earlier logon, but is not connected now.",
     "Open it, or connect it again; check that its server can be reached."},
    {1202, "The drive letter is remembered for another connection, which Windows restores at logon.",
     "Remove what is remembered (net use Z: /delete), then connect again; or take another letter."},
    {1203, "No network provider accepts the name: it is mistyped or does not exist, or the network is not started.",
     "Check the name, that the network is up, and that the Workstation service runs."},
    {1204, "There is no network provider of the name that the program gave.",
     "Leave the provider out in that program, or install the client that it names."},
    {1205, "The list of remembered connections could not be opened.",
     "Check that the user's profile is loaded and not a temporary one; log on again."},
    {1206, "The list of remembered connections is damaged.",
     "Remove the user's remembered connections (HKEY_CURRENT_USER\\Network) and connect again."},
    {1208, "The network provider reported an error of its own, which has no Windows number.",
     "Look at the log of that provider (a VPN, WebDAV or NFS client), and try the same with net use."},
    {1219,
     "This logon session is connected to that server already under another user name, and Windows allows one only.",
     "Disconnect what is connected to that server (net use), or use the same user name; `maptrail state` shows it."},
    {1220, "The server has as many sessions as it takes.",
     "Close sessions that nobody uses there, or raise its limit."},
    {1222, "There is no network: no provider is installed or started.",
     "Check that the Workstation service runs, and the network adapter."},
    {1223, "The user cancelled it, or a program that watches over connections vetoed it.",
     "Nothing, if that was meant. `maptrail why` tells a veto of MapTrail's own rules from a user's."},
    {1225, "The server is there, but refuses connections: nothing listens on the port, or a firewall rejects it.",
     "Check that the Server service (or WebDAV server) runs there, and its firewall."},
    {1231, "There is no route to the server's network.",
     "Check the network adapter, the VPN and the default gateway (route print)."},
    {1232, "The server cannot be reached: no answer from it, or from the last router before it.",
     "Check that the server is on, the VPN and the routes (tracert)."},
    {1236, "This machine ended the connection, often after a time-out or because the network changed.",
     "Try again. If it comes back, look at the adapter's power saving, VPN and filter software."},
    {1240, "The account may not log on from this workstation.",
     "Look at the account's \"Log On To\" list of workstations; or the server asks for what this machine will not do, "
     "such as guest access or signing."},
    {1244, "The call needs a user who has been authenticated, and is not.", "Log on to the server first."},
    {1256, "The server is down or was given up after a time-out.", "Check that it is on; try again after a minute."},
    {1265, "The domain controller could not be reached to authenticate, or somebody tampers with the authentication.",
     "Check the way to a domain controller, DNS and the clock of this machine; log on again."},
    {1311, "No domain controller was there to check the logon.",
     "Check the way to a domain controller (nltest /dsgetdc:DOMAIN), DNS and the VPN."},
    {1312, "The logon session that the call belongs to has ended or holds no credentials.",
     "Log on again. A scheduled task needs \"run whether user is logged on or not\" with its password stored."},
    {1326, "The user name or the password is wrong.",
     "Check both, with the domain before the name; take an old password out of the Credential Manager (cmdkey /list)."},
    {1327, "The account is restricted: an empty password, hours of logon, or a policy forbids it.",
     "Give the account a password; look at its logon hours and at the policies of the server."},
    {1328, "The account may not log on at this hour.", "Change its logon hours, or wait."},
    {1329, "The account may not log on from this computer.", "Change its list of workstations."},
    {1330, "The password of the account has expired.", "Change the password, then connect again."},
    {1331, "The account is disabled.", "Have it enabled, or use another one."},
    {1385, "The account has not the right to log on to that server over the network.",
     "Look at \"Access this computer from the network\" and its \"Deny\" in the server's policies."},
    {1396, "The server's name does not fit the account that it runs under, so Kerberos refuses it.",
     "Use the server's own name; check its service principal names (setspn -X) and DNS aliases."},
    {1792, "The Netlogon service does not run on the server.", "Start it there."},
    {1793, "The account has expired.", "Have its expiry date changed."},
    {1907, "The password has to be changed before the first logon.", "Log on once to change it, then connect again."},
    {1909, "The account is locked out, mostly after too many wrong passwords.",
     "Have it unlocked, and find what still uses an old password: `maptrail errors` shows programs that fail with "
     "ERROR_LOGON_FAILURE."},
    {2202, "The user name is not valid.", "Write it as DOMAIN\\name or name@domain."},
    {2250, "There was no such connection to be disconnected: it was gone already, or belongs to another logon session.",
     "Mostly nothing. Elevated programs have drives of their own: disconnect in the session that connected."},
    {2401, "Files are open over the connection, or requests are pending.",
     "Close the programs that use it; or disconnect by force (net use Z: /delete /y), which may lose what is not "
     "saved."},
    {2402, "There are still connections that are in use.", "Close the programs that use them."},
    {2404, "A program uses the drive, so it cannot be disconnected: a window or a current folder is enough.",
     "Close what uses it, and leave the drive in every command prompt; then disconnect again."},
});

static_assert(std::ranges::is_sorted(helps, {}, &ErrorHelp::code));

} // namespace

const ErrorHelp* error_help(std::uint32_t code) {
    const ErrorHelp* const end = helps.data() + helps.size();
    const ErrorHelp* const found = std::ranges::lower_bound(helps.data(), end, code, {}, &ErrorHelp::code);
    return found != end && found->code == code ? found : nullptr;
}

std::span<const ErrorHelp> all_error_help() {
    return helps;
}

} // namespace maptrail
