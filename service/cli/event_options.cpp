#include "service/cli/test_event.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace maptrail {

void add_event_options(CLI::App& command, EventOptions& options) {
    // One value at a time, so that `--flag x --user y` is two options.
    const auto several = [&](const char* name, std::vector<std::string>& values, const char* type, const char* text) {
        command.add_option(name, values, text)->type_name(type)->allow_extra_args(false);
    };
    const auto one = [&](const char* name, std::optional<std::string>& value, const char* type, const char* text) {
        return command.add_option(name, value, text)->type_name(type);
    };
    CLI::Option* const event =
        one("--event", options.file, "FILE", "One operation as `history -o json` writes it; - is standard input");
    const std::vector<CLI::Option*> instead{
        one("--action", options.action, "ACTION", "connect (the default) or disconnect"),
        one("--remote", options.remote, "PATH", "Remote name, like \\\\server\\share"),
        one("--drive", options.drive, "DRIVE", "Local name, like Z:; without it the call names none"),
        one("--type", options.type, "TYPE", "disk, print or any"),
        one("--provider", options.provider, "NAME", "Network provider"),
        one("--user", options.user, "USER", "DOMAIN\\NAME, NAME@DOMAIN or NAME"),
        one("--sid", options.sid, "SID", "The user's"),
        one("--elevated", options.elevated, "yes|no", "Whether the program is elevated"),
        one("--integrity", options.integrity, "LEVEL", "low, medium, high or system"),
        one("--session", options.session, "SESSION", "console, remote or service"),
        one("--program", options.program, "PATH", "The program's path"),
        one("--bitness", options.bitness, "BITS", "32 or 64"),
        one("--source", options.source, "SOURCE", "pipe (the default) or spool"),
        one("--error", options.error, "ERROR", "The result: a code or a name; 0 is success"),
        one("--at", options.at, "TIME", "When: \"2026-01-31 14:30\"; now, if it is not given"),
    };
    several("--flag", options.flags, "FLAG", "persistent, temporary, interactive...; without it none is set");
    command.add_flag("--forced", options.forced, "A disconnect although files are open");
    for (CLI::Option* const option : instead) {
        event->excludes(option);
    }
    event->excludes("--flag")->excludes("--forced");
    several("--group", options.groups, "GROUP", "A group of the user's: a SID, or a name that this machine knows");
    one("--address", options.address, "ADDRESS", "Of the server, as if its name had been looked up");
}

} // namespace maptrail
