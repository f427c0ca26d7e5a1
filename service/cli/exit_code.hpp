// What the process tells the shell.
#pragma once

namespace maptrail {

enum class ExitCode {
    ok = 0,      ///< done; of a query: something was found; of status: all is well
    nothing = 1, ///< nothing matched; of status: something is wrong; of service: it did not work
    usage = 2,   ///< the command line asks for what cannot be: bad options, an unreadable file, a configuration with a
                 ///< mistake
    unreachable = 3,     ///< the service does not answer
    bad_cursor = 10,     ///< it is none, or of another history
    cursor_expired = 12, ///< operations after it were forgotten
};

} // namespace maptrail
