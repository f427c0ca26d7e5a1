// A command of a rule: what it is given, the bounds that it runs in, and what became of it.
#pragma once

#include "service/rules/rule.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace maptrail {

struct Command {
    std::string rule; ///< whose command it is
    rules::Run run;
    std::string event; ///< JSON, for its standard input
};

struct CommandLimits {
    std::uint32_t processes = 32;     ///< so many at once are too many; its own and its console's count too
    std::size_t memory = 512U << 20U; ///< bytes of all its processes together; what asks for more does not get it
    std::size_t output_kept = 64U << 10U;
    std::size_t output_read = 1U << 20U; ///< more than this is a flood
};

enum class CommandEnd : std::uint8_t {
    exited,
    timed_out,
    flooded,            ///< wrote more than the limit
    too_many_processes, ///< reached the limit
    not_run,            ///< `reason` says why
    stopped,            ///< the service stopped
    dropped,            ///< never run: too many waited, or the service stopped
};

struct CommandResult {
    CommandEnd end = CommandEnd::not_run;
    std::uint32_t exit_code = 0;   ///< of what exited
    std::string reason;            ///< why it was not run
    std::string output;            ///< what it wrote first, standard output and error as they came; any bytes
    std::uint64_t output_size = 0; ///< all that was read of it
    std::uint64_t dropped = 0;     ///< how many of its rule were; the command is the last of them
    std::chrono::milliseconds took{};
};

/// Whether it did what it was asked to.
[[nodiscard]] bool succeeded(const CommandResult& result);

/// What became of the command, as the end of a sentence: "ended with exit code 3".
[[nodiscard]] std::string outcome_text(const Command& command, const CommandResult& result);

} // namespace maptrail
