#include "service/sinks/command.hpp"

namespace maptrail {

bool succeeded(const CommandResult& result) {
    return result.end == CommandEnd::exited && result.exit_code == 0;
}

std::string outcome_text(const Command& command, const CommandResult& result) {
    switch (result.end) {
    case CommandEnd::exited:
        return "ended with exit code " + std::to_string(result.exit_code);
    case CommandEnd::timed_out:
        return "was ended: it ran longer than " + std::to_string(command.run.timeout_s) + " s";
    case CommandEnd::flooded:
        return "was ended: it wrote too much (" + std::to_string(result.output_size) + " bytes)";
    case CommandEnd::too_many_processes:
        return "was ended: it started too many processes";
    case CommandEnd::not_run:
        return "could not be run: " + result.reason;
    case CommandEnd::stopped:
        return "was ended: the service stops";
    case CommandEnd::dropped:
        return "was not run: too many commands waited, or the service stopped (" + std::to_string(result.dropped) +
               " since this was last said)";
    }
    return {};
}

} // namespace maptrail
